import { findWords, sqlWords, wordsAre } from '../../../../shared/model/compare-words';

/** A statement without what servers of the version don't know and can do without; null: it has no meaning there. */
export function forVersion(sql: string, version: number): string | null {
  if (version < 140000 && sql.startsWith('CREATE TYPE ')) {
    return sql.replace(/,\s+MULTIRANGE_TYPE_NAME = (?:"(?:[^"]|"")*"|[^",\s])+/, '');
  }
  if (version < 140000 && / SET COMPRESSION \w+;$/.test(sql)) return null;
  if (version < 110000 && sql.startsWith('CREATE ') && sql.includes(' EXECUTE FUNCTION ')) {
    const words = sqlWords(sql);
    const at = findWords(words, 'EXECUTE FUNCTION');
    const word = words[at + 1];
    const isTrigger = ['TRIGGER', 'CONSTRAINT TRIGGER', 'EVENT TRIGGER'].some((what) => wordsAre(words, 1, what));
    if (isTrigger && word) return `${sql.slice(0, word.start)}PROCEDURE${sql.slice(word.end)}`;
  }
  if (version < 180000 && sql.includes(' PUBLICATION ')) {
    return sql.replace(/, publish_generated_columns = \w+(?=\);$)/, '');
  }
  return sql;
}
