/** Every text of the window in Chinese, by file: one chunk, read when the language is used. */
export const texts = import.meta.glob<Record<string, unknown>>('../../resources/translations/zh-CN/**/*.json', {
  import: 'default',
  eager: true,
});
