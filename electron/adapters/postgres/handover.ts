import type { Duplex } from 'node:stream';
import type { ConnectionProfile } from '../../ports';
import { openClient } from './connect';
import { serverError } from './errors';

/** A connection that has logged in, is idle, and is read by nobody: for a program that speaks the protocol itself. */
export interface Handover {
  readonly stream: Duplex;
  /** What the server reports at login, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `server_version_num` / 10,000. */
  readonly major: number;
  /** Cancels what runs on it. */
  cancel(): Promise<void>;
  /** Ends the connection and frees what lies under it. */
  release(): void;
}

/** Parameters that a server reports by itself at login. Source: PostgreSQL's documentation, Asynchronous Operations. */
const REPORTED = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'is_superuser',
  'session_authorization',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
];

/** Logs in by the profile and gives the connection away. Fails as `openClient` does. */
export async function openHandover(profile: ConnectionProfile, signal?: AbortSignal): Promise<Handover> {
  const opened = await openClient(profile, signal);
  // The driver's complaint about a connection that ends "unexpectedly" would be an unhandled event.
  opened.client.on('error', () => undefined);
  try {
    const { rows } = await opened.client.query<{ name: string; value: string }>(
      'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
      [REPORTED],
    );
    const stream: Duplex = opened.client.connection.stream;
    stream.removeAllListeners('data');
    return {
      stream,
      parameters: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
      major: Math.floor(opened.serverVersionNum / 10_000),
      cancel: () => opened.cancel(),
      release: () => {
        stream.destroy();
        opened.release();
      },
    };
  } catch (error) {
    await opened.client.end().catch(() => undefined);
    opened.release();
    throw serverError(error);
  }
}
