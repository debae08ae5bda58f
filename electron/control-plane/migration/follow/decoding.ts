import { join } from 'node:path';
import { AppError } from '../../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { ChangeSink, Lsn, Wait } from './change-stream';
import { findRelationBy, startOptions } from './decode/old-plugins';
import { createPgoutputDecoder, type StreamDecoder } from './decode/pgoutput';
import { createTestDecodingDecoder } from './decode/test-decoding';
import { openTransactionSpool, type TransactionSpool } from './decode/transaction-spool';
import { createWal2jsonDecoder } from './decode/wal2json';
import type { Asking } from './follow-model';

/** Spooled transactions on disk, of one database. */
const SPOOL_MAX = 2 * 1024 ** 3;
const STREAMING_FROM = 140_000;
const MESSAGE_LINE = Buffer.from('message: ');

export interface DecodingOptions {
  readonly plugin: string;
  readonly slot: string;
  /** `server_version_num` of the sender. */
  readonly versionNum: number;
  readonly publications: readonly string[];
  /** Transactions are sent while they run. */
  readonly streaming: boolean;
  /** For what is spooled. */
  readonly folder: string;
  /** Room for it; without: as much as is sensible. */
  readonly spoolBytes: number | undefined;
  /** The sender. */
  readonly asking: Asking;
  readonly signal: AbortSignal;
}

/** How a stream is asked for, and what makes changes of it. */
export interface Decoding {
  readonly decoder: { push(payload: Buffer, walStart: Lsn, walEnd: Lsn): Wait; close(): Promise<void> };
  readonly command: string;
}

const pgoutputOptions = (names: readonly string[], protocol: number, versionNum: number): string => {
  const list = [`proto_version '${protocol}'`, `publication_names ${quoteLiteral(names.map(quoteIdent).join(','))}`];
  if (versionNum >= STREAMING_FROM) list.push("messages 'true'");
  if (protocol > 1) list.push("streaming 'on'");
  return `(${list.join(', ')})`;
};

/** Fails with `unsupported` for a slot with a plugin that nobody here knows. */
export async function decodingOf(options: DecodingOptions, sink: ChangeSink): Promise<Decoding> {
  const { plugin, slot, versionNum, asking, streaming, folder, publications, signal } = options;
  const openSpool = (): Promise<TransactionSpool> =>
    openTransactionSpool({ folder: join(folder, `spool-${slot}`), maxBytes: options.spoolBytes ?? SPOOL_MAX });
  const closing = (decoder: StreamDecoder | Decoding['decoder'], spool: TransactionSpool | null) => ({
    push: (payload: Buffer, walStart: Lsn, walEnd: Lsn) => decoder.push(payload, walStart, walEnd),
    async close() {
      await decoder.close();
      await spool?.close();
    },
  });
  if (plugin === 'pgoutput') {
    const protocol = streaming && versionNum >= STREAMING_FROM ? 2 : 1;
    const spool = protocol > 1 ? await openSpool() : null;
    return {
      decoder: closing(createPgoutputDecoder(sink, { protocol, spool }), spool),
      command: pgoutputOptions(publications, protocol, versionNum),
    };
  }
  const relations = findRelationBy(asking, signal);
  if (plugin === 'wal2json')
    return { decoder: createWal2jsonDecoder(sink, { relations }), command: startOptions('wal2json', versionNum) };
  if (plugin !== 'test_decoding')
    throw new AppError({ code: 'unsupported', message: `The slot ${slot} has the plugin ${plugin}` });
  const spool = await openSpool();
  const decoder = createTestDecodingDecoder(sink, { relations, spool });
  // The plugin writes a message before the BEGIN of its transaction; servers that need the plugin tell us nothing by messages.
  const push: Decoding['decoder']['push'] = (payload, walStart, walEnd) =>
    payload.subarray(0, MESSAGE_LINE.length).equals(MESSAGE_LINE) ? undefined : decoder.push(payload, walStart, walEnd);
  return {
    decoder: closing({ push, close: () => decoder.close() }, spool),
    command: startOptions('test_decoding', versionNum),
  };
}
