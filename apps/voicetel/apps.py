from django.apps import AppConfig


class VoicetelConfig(AppConfig):
    name = "apps.voicetel"
    label = "voicetel"
