/** Milliseconds: a palette that closes gives the focus back to where it was, after 10 of them. */
const AFTER_PALETTE = 50;

/** Moves the focus to a field, from an action that the palette may have run. */
export function focusSoon(field: { readonly current: { focus(): void } | null }): void {
  setTimeout(() => field.current?.focus(), AFTER_PALETTE);
}
