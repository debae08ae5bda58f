import { sameMeaning } from '../../../../shared/model/format-guard';
import type { QuerySettings } from '../../../../shared/model/settings';

/** Above this size (UTF-16 units) formatting would hold the window up. */
const LONGEST = 2_000_000;

/** The text in the person's format; null when that can't be done without changing what it means. */
export async function formatSql(
  text: string,
  settings: Pick<QuerySettings, 'keywordCase' | 'indent'>,
): Promise<string | null> {
  if (text.length > LONGEST) return null;
  const { formatDialect, postgresql } = await import('sql-formatter');
  try {
    const formatted = formatDialect(text, {
      dialect: postgresql,
      keywordCase: settings.keywordCase,
      tabWidth: settings.indent,
      paramTypes: { named: [':'], numbered: ['$'], quoted: [':'] },
    });
    return sameMeaning(text, formatted) ? formatted : null;
  } catch {
    // It doesn't understand the text: nothing is formatted.
    return null;
  }
}
