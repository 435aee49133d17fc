app_name = "liaison"
urlpatterns = []
