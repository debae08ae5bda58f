const PLAIN = /^\s*where\b(.*)$/is;
/** Words that may end a condition; a comment would swallow what is written behind it. */
const MORE = /\b(order|limit|offset|fetch|for|group|having|window|union|intersect|except)\b|--/i;

/**
 * The rows of a configuration table that are not the extension's own, as a condition: `extcondition` is whatever may follow the name of the
 * table in a SELECT, mostly a WHERE clause. `table` is its quoted name.
 */
export function conditionOf(extcondition: string, table: string): string {
  if (extcondition.trim() === '') return '';
  const condition = PLAIN.exec(extcondition)?.[1];
  if (condition !== undefined && !MORE.test(condition)) return condition.trim();
  return `ctid IN (SELECT ctid FROM ONLY ${table}\n${extcondition}\n)`;
}
