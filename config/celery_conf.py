"""How Celery runs: loaded when the application is first used, after settings."""

import ssl

from django.conf import settings
from kombu import Queue

from config.broker import SCHEME, broker_options
from config.celery import beat_schedule

HARD_LIMIT_SECONDS = 30 * 60

# A task carries ids and dates only, and nothing that can run code when read.
accept_content = ["json"]
task_serializer = "json"
result_serializer = "json"
event_serializer = "json"
task_ignore_result = True

timezone = settings.TIME_ZONE
enable_utc = True
beat_schedule = beat_schedule()
beat_schedule_filename = str(settings.VAR_DIR / "celerybeat-schedule")
beat_scheduler = "config.beat:SturdyScheduler"
beat_max_loop_interval = 60

# A task whose process is killed comes back: early acknowledgement loses it.
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
task_time_limit = HARD_LIMIT_SECONDS
task_soft_time_limit = HARD_LIMIT_SECONDS - 60
worker_soft_shutdown_timeout = 5
worker_max_tasks_per_child = 200
worker_hijack_root_logger = False
worker_send_task_events = False
broker_connection_retry_on_startup = True

task_default_queue = "portal"
task_queues = [Queue("portal", routing_key="portal")]
task_default_routing_key = "portal"
task_always_eager = settings.CELERY_TASK_ALWAYS_EAGER

# The Job row is written already: a request must not wait for a dead broker.
task_publish_retry = False

if settings.REDIS_URL:
    broker_url = settings.REDIS_URL
    broker_transport_options = {
        # Longer than the longest task, or it would run twice.
        "visibility_timeout": HARD_LIMIT_SECONDS + 10 * 60,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 30,
    }
    if settings.REDIS_URL.startswith("rediss://"):
        broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
else:
    broker_url = f"{SCHEME}://localhost//"
    broker_transport_options = broker_options(settings.VAR_DIR / "broker")
    # Its messages are files for one queue: no control channel, no gossip.
    worker_enable_remote_control = False
