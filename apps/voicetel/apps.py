from apps.config import PortalConfig


class VoicetelConfig(PortalConfig):
    name = "apps.voicetel"
