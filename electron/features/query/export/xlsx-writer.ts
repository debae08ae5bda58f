import { decodeRow, rowSize } from '../../../adapters/postgres/wire-rows';
import { AppError } from '../../../../shared/errors';
import type { ResultColumn, Row } from '../../../../shared/model/query';
import type { ResultWriter, SaveOptions, Sink } from './result-writer';
import { CELL_LIMIT, cellXml, columnName } from './xlsx-cells';
import { ZipFile } from './zip-file';

/** Limits of the format: rows and columns of a sheet. */
const SHEET_ROWS = 1_048_576;
const SHEET_COLUMNS = 16_384;
/** A part of a zip archive without 64-bit sizes, and the whole, stay below 4 GiB. */
const LARGEST = 0xffff_ffff - 64 * 1024 * 1024;
const TEXT = 25;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Parts of the archive that name all the others (ECMA-376, part 1). */
function frame(sheets: number): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: sheets }, (_none, at) => at + 1);
  const each = (text: (n: number) => string): string => numbers.map(text).join('');
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((n) => `<sheet name="Result${n === 1 ? '' : ` ${n}`}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
  };
}

/** A workbook: numbers where a spreadsheet keeps every digit, texts for everything else; further sheets when one is full. */
class XlsxWriter implements ResultWriter {
  private zip: ZipFile | null = null;
  private sheets = 0;
  private rowInSheet = 0;
  private cut = 0;
  private readonly places: readonly string[];

  constructor(
    private readonly columns: readonly ResultColumn[],
    private readonly header: boolean,
  ) {
    this.places = columns.map((_column, index) => columnName(index));
  }

  async begin(sink: Sink): Promise<void> {
    if (this.columns.length > SHEET_COLUMNS) {
      throw new AppError({ code: 'unsupported', message: `A sheet has at most ${SHEET_COLUMNS} columns` });
    }
    this.zip = new ZipFile(sink);
    await this.beginSheet(this.zip);
  }

  async rows({ buffer, start, end }: Parameters<ResultWriter['rows']>[0]): Promise<void> {
    const { zip } = this;
    if (!zip) return;
    let parts: string[] = [];
    for (let at = start; at < end; at += rowSize(buffer, at)) {
      if (this.rowInSheet >= SHEET_ROWS || zip.fileSize > LARGEST) {
        await zip.write(parts.join(''));
        parts = [];
        await this.endSheet(zip);
        await this.beginSheet(zip);
      }
      const types = this.columns.map(({ typeOid }) => typeOid);
      parts.push(this.row(decodeRow(buffer, at, CELL_LIMIT), types));
    }
    await zip.write(parts.join(''));
    if (zip.written > LARGEST) {
      throw new AppError({
        code: 'unsupported',
        message: 'A workbook holds less than 4 GiB',
        hint: 'Save the result as CSV or Parquet.',
      });
    }
  }

  async end(): Promise<void> {
    const { zip } = this;
    if (!zip) return;
    await this.endSheet(zip);
    for (const [name, text] of Object.entries(frame(this.sheets))) {
      zip.begin(name);
      await zip.write(text);
      await zip.endFile();
    }
    await zip.end();
  }

  notes(): readonly string[] {
    return [
      ...(this.sheets > 1 ? [`The rows are on ${this.sheets} sheets: one holds ${SHEET_ROWS} rows`] : []),
      ...(this.cut > 0
        ? [`${this.cut} values are longer than the ${CELL_LIMIT} characters of a cell and were cut`]
        : []),
    ];
  }

  private async beginSheet(zip: ZipFile): Promise<void> {
    this.sheets += 1;
    this.rowInSheet = 0;
    zip.begin(`xl/worksheets/sheet${this.sheets}.xml`);
    await zip.write(`${XML}<worksheet xmlns="${MAIN}"><sheetData>`);
    if (!this.header) return;
    const names = this.columns.map(({ name }) => name);
    await zip.write(
      this.row(
        names,
        names.map(() => TEXT),
      ),
    );
  }

  private async endSheet(zip: ZipFile): Promise<void> {
    await zip.write('</sheetData></worksheet>');
    await zip.endFile();
  }

  private row(values: Row, types: readonly number[]): string {
    this.rowInSheet += 1;
    const number = this.rowInSheet;
    const cells = values.map((value, at) => {
      if (value === null) return '';
      let text = value;
      if (text.length > CELL_LIMIT) {
        this.cut += 1;
        text = text.slice(0, CELL_LIMIT);
      }
      return cellXml(`${this.places[at] ?? ''}${number}`, text, types[at] ?? TEXT);
    });
    return `<row r="${number}">${cells.join('')}</row>`;
  }
}

export const xlsxWriter = (columns: readonly ResultColumn[], options: SaveOptions): ResultWriter =>
  new XlsxWriter(columns, options.header);
