/** Asks for the master password whenever secrets are locked and a call needed them. */
export function UnlockDialog() {
  return null;
}
