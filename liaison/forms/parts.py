"""Fields that several forms of the liaison app have."""

from config.lib.forms import request_id_field, words_field

__all__ = ["request_id_field", "words_field"]
