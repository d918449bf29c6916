"""What is done here: take in histories, states and campaigns; keep names, drafts and opt-outs."""
