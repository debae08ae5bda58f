import { isNumberType } from '../../../../shared/model/csv-format';

const BOOLEAN = 16;
/** Characters that a cell holds at most, by the format's limits. */
export const CELL_LIMIT = 32_767;
/** A double keeps so many digits of any number. */
const EXACT_DIGITS = 15;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** `A`, …, `Z`, `AA`, … of a column's index. */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

const XML_SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Whether XML 1.0 has no such character: controls but tab and line feed (a reader would take a return for one), and two non-characters. */
const isUnwritable = (code: number): boolean =>
  (code < 0x20 && code !== 0x09 && code !== 0x0a) || code === 0xfffe || code === 0xffff;

function xmlSign(sign: string): string {
  const code = sign.charCodeAt(0);
  return isUnwritable(code) ? `_x${code.toString(16).toUpperCase().padStart(4, '0')}_` : (XML_SIGNS[sign] ?? sign);
}

/** Text for XML 1.0: what XML can't hold is written as the format's own `_x0001_`, and what looks like that already keeps its meaning. */
const xmlText = (text: string): string =>
  text.replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_').replaceAll(/[^\t\n -%'-;=?-\uFFFD]/g, xmlSign);

/** Whether a spreadsheet's number keeps every digit of the text. */
export function isExactNumber(text: string): boolean {
  if (!PLAIN_NUMBER.test(text)) return false;
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return digits.length <= EXACT_DIGITS;
}

/** One cell; empty for NULL. A text is never taken for a formula. */
export function cellXml(place: string, value: string | null, typeOid: number): string {
  if (value === null) return '';
  if (typeOid === BOOLEAN) return `<c r="${place}" t="b"><v>${value === 't' ? 1 : 0}</v></c>`;
  if (isNumberType(typeOid) && isExactNumber(value)) return `<c r="${place}"><v>${value}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
}
