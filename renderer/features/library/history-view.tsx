/** Everything that was run, searchable. */
export function HistoryView(_props: { readonly serverId?: string | undefined }) {
  return null;
}
