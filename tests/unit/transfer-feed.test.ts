import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { feedScript, type ScriptEngine } from '../../electron/features/transfer/script-feed';

/** What the target gets of a script, byte for byte, and the rows that were counted. */
async function feed(script: Buffer, targetVersion: number): Promise<{ sent: Buffer; rows: [string, number | null][] }> {
  const parts: Uint8Array[] = [];
  const keep = async (bytes: Uint8Array): Promise<void> => void parts.push(Buffer.from(bytes));
  const engine: ScriptEngine = {
    statement: keep,
    copyData: keep,
    copyEnd: keep,
    command: keep,
    blank: async () => undefined,
    ended: false,
  };
  const { rows } = await feedScript(Readable.from([script]), engine, {
    choice: { content: 'all', noOwner: true, noPrivileges: true, targetVersion },
    allowUnsafe: false,
    signal: new AbortController().signal,
    onAdapted: () => undefined,
    onProgress: () => undefined,
  });
  return { sent: Buffer.concat(parts), rows: [...rows] };
}

const LATIN = Buffer.from(
  `SET client_encoding = 'LATIN1';
CREATE TRIGGER "gr\xfc\xdf" BEFORE INSERT ON "\xfc\xa0" FOR EACH ROW EXECUTE FUNCTION f();
COPY "\xfc\xa0" (x) FROM stdin;
caf\xe9
\\.
`,
  'latin1',
);

it('keeps the bytes of a statement that is rewritten, whatever their encoding', async () => {
  const { sent } = await feed(LATIN, 100_023);
  expect(sent.toString('latin1')).toContain(
    'CREATE TRIGGER "gr\xfc\xdf" BEFORE INSERT ON "\xfc\xa0" FOR EACH ROW EXECUTE PROCEDURE f();',
  );
  expect(sent.toString('latin1')).toContain('caf\xe9');
});

it('counts rows under the name that the target has', async () => {
  expect((await feed(LATIN, 170_000)).rows).toEqual([['"ü\u00a0"', 1]]);
});
