/** Saved queries, snippets and macros. */
export function LibraryView() {
  return null;
}
