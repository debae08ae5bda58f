/** Every text of the window in English, by file: one chunk, read at the start. */
export const texts = import.meta.glob<Record<string, unknown>>('../../resources/translations/en/**/*.json', {
  import: 'default',
  eager: true,
});
