import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { RowRange, RowSpool } from '../../../adapters/postgres/row-spool';
import type { WireColumn } from '../../../adapters/postgres/wire-messages';
import { decodeRow, rowSize } from '../../../adapters/postgres/wire-rows';
import { throwIfAborted } from '../../../../shared/errors';
import { uniqueNames } from '../../../../shared/model/csv-format';
import type { ResultColumn } from '../../../../shared/model/query';
import { kindOf, TEXT_KIND, type ParquetKind, type ParquetValue } from './parquet-values';
import type { ResultWriter, Sink } from './result-writer';

/** Raw bytes and rows of one group: it is encoded in one go, which holds everything else up. */
const GROUP_BYTES = 4 * 1024 * 1024;
const GROUP_ROWS = 20_000;

/** How every column is written: by its type, or as text when the file's type can't hold one of its values (infinity, years before 1, …). */
export async function parquetKinds(
  spool: RowSpool,
  columns: readonly WireColumn[],
  signal: AbortSignal,
): Promise<{ readonly kinds: readonly ParquetKind[]; readonly asText: readonly string[] }> {
  const kinds = columns.map(kindOf);
  const open = new Set(kinds.flatMap((kind, at) => (kind.fallible ? [at] : [])));
  const asText: string[] = [];
  if (open.size > 0) {
    for await (const { buffer, start, end } of spool.ranges()) {
      throwIfAborted(signal);
      for (let at = start; at < end && open.size > 0; at += rowSize(buffer, at)) {
        const row = decodeRow(buffer, at, Number.MAX_SAFE_INTEGER);
        for (const column of open) {
          const value = row[column] ?? null;
          if (value === null || kinds[column]?.convert(value) !== undefined) continue;
          open.delete(column);
          kinds[column] = TEXT_KIND;
          asText.push(columns[column]?.name ?? '');
        }
      }
      if (open.size === 0) break;
    }
  }
  return { kinds, asText };
}

/** A Parquet file, group of rows after group of rows. */
class ParquetFile implements ResultWriter {
  private readonly names: readonly string[];
  private readonly bytes = new ByteWriter();
  private readonly parquet: ParquetWriter;
  private values: (ParquetValue | null)[][];
  private held = 0;
  private rowsHeld = 0;

  constructor(
    columns: readonly ResultColumn[],
    private readonly kinds: readonly ParquetKind[],
    private readonly asText: readonly string[],
  ) {
    this.names = uniqueNames(columns);
    const schema: SchemaElement[] = [
      { name: 'root', num_children: kinds.length },
      ...kinds.map(({ element }, at) => ({ ...element, name: this.names[at] ?? '' })),
    ];
    this.parquet = new ParquetWriter({ writer: this.bytes, schema, createdBy: 'howdah' });
    this.values = this.emptied();
  }

  begin(sink: Sink): Promise<void> {
    return this.pass(sink);
  }

  async rows({ buffer, start, end }: RowRange, sink: Sink): Promise<void> {
    for (let at = start; at < end; at += rowSize(buffer, at)) {
      const row = decodeRow(buffer, at, Number.MAX_SAFE_INTEGER);
      for (const [column, kind] of this.kinds.entries()) {
        const text = row[column] ?? null;
        this.values[column]?.push(text === null ? null : (kind.convert(text) ?? null));
      }
      this.held += rowSize(buffer, at);
      this.rowsHeld += 1;
      if (this.held >= GROUP_BYTES || this.rowsHeld >= GROUP_ROWS) await this.writeGroup(sink);
    }
  }

  async end(sink: Sink): Promise<void> {
    await this.writeGroup(sink);
    await this.parquet.finish();
    await this.pass(sink);
  }

  notes(): readonly string[] {
    return this.asText.map((name) => `${name} is written as text: Parquet’s own type can’t hold all of its values`);
  }

  private emptied(): (ParquetValue | null)[][] {
    return this.kinds.map(() => []);
  }

  private async writeGroup(sink: Sink): Promise<void> {
    if (this.rowsHeld === 0) return;
    const columnData = this.values.map((data, at) => ({ name: this.names[at] ?? '', data }));
    await this.parquet.write({ columnData, rowGroupSize: this.rowsHeld });
    this.values = this.emptied();
    this.held = 0;
    this.rowsHeld = 0;
    await this.pass(sink);
    // Encoding is one long computation: others get their turn between two groups.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Hands over what the library has written and begins its buffer anew; it counts the offset within the file by itself. */
  private async pass(sink: Sink): Promise<void> {
    const ready = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    await sink(ready);
  }
}

export const parquetWriter = (
  columns: readonly ResultColumn[],
  kinds: readonly ParquetKind[],
  asText: readonly string[],
): ResultWriter => new ParquetFile(columns, kinds, asText);
