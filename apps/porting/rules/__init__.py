"""What is known of porting: VoiceTel's words, streets, ZIP codes, carriers, business days."""
