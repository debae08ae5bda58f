import { CsvWriter, csvHeader } from '../../../adapters/postgres/wire-csv';
import { decodeRow, rowSize } from '../../../adapters/postgres/wire-rows';
import { textFormat } from '../../../../shared/model/csv-format';
import type { CopyFormat, ResultColumn } from '../../../../shared/model/query';
import type { ResultWriter, SaveOptions } from './result-writer';

const NO_NOTES = (): readonly string[] => [];

/** CSV and TSV, from bytes to bytes. */
export function csvWriter(columns: readonly ResultColumn[], options: SaveOptions): ResultWriter {
  const delimiter = options.format === 'tsv' ? '\t' : options.delimiter;
  const writer = new CsvWriter(delimiter, options.nullText);
  return {
    async begin(sink) {
      const names = columns.map(({ name }) => name);
      if (options.header) await sink(csvHeader(names, delimiter));
    },
    rows: (range, sink) => sink(writer.lines(range)),
    end: () => Promise.resolve(),
    notes: NO_NOTES,
  };
}

/** The formats that are made of rows of text. */
export function textWriter(
  format: Exclude<CopyFormat, 'csv' | 'tsv'>,
  columns: readonly ResultColumn[],
  options: SaveOptions,
): ResultWriter {
  const { head, afterHead, row, between, tail } = textFormat(format, columns, options);
  let first = true;
  return {
    begin: (sink) => sink(Buffer.from(head)),
    async rows({ buffer, start, end }, sink) {
      const parts: string[] = [];
      for (let at = start; at < end; at += rowSize(buffer, at)) {
        parts.push(first ? afterHead : between, row(decodeRow(buffer, at, Number.MAX_SAFE_INTEGER)));
        first = false;
      }
      await sink(Buffer.from(parts.join('')));
    },
    async end(sink) {
      await sink(Buffer.from(`${tail}${first && head === '' ? '' : '\n'}`));
    },
    notes: NO_NOTES,
  };
}
