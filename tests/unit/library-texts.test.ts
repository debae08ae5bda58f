import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileTokens } from '../../electron/adapters/storage/file-tokens';
import { createLibraryFeature } from '../../electron/features/library/library-feature';
import { macroText } from '../../shared/model/library';
import { memoryLog } from '../support/log';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-library-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const context = { signal: new AbortController().signal };
const files = createFileTokens();

/** The feature as a run of the program has it: made anew, it knows what is on disk. */
function open() {
  const feature = createLibraryFeature({
    folder: join(folder, 'own'),
    files,
    historySize: () => 100,
    emit: () => undefined,
    log: memoryLog(),
    onBroken: () => undefined,
  });
  return { feature, library: feature.handlers };
}

describe('drafts', () => {
  const draft = { id: 'a1', cursor: 3, fileToken: null, changed: true };

  test('come back in another run, and are listed there until a tab has them', async () => {
    const { library, feature } = open();
    await library.saveDraft({ ...draft, text: 'SELECT 1\n\u2028' }, context);
    expect(await library.drafts({}, context)).toEqual([]);
    await feature.close();
    expect(statSync(join(folder, 'own', 'drafts')).mode & 0o777).toBe(0o700);

    const again = open().library;
    expect(await again.drafts({}, context)).toMatchObject([{ id: 'a1', head: 'SELECT 1\n\u2028', length: 10 }]);
    expect(await again.draft({ id: 'a1' }, context)).toEqual({
      id: 'a1',
      text: 'SELECT 1\n\u2028',
      cursor: 3,
      changed: true,
      file: null,
    });
    expect(await again.drafts({}, context)).toEqual([]);
    await again.dropDraft({ id: 'a1' }, context);
    expect(await again.draft({ id: 'a1' }, context)).toBeNull();
    expect(readdirSync(join(folder, 'own', 'drafts'))).toEqual([]);
  });

  test('the last of many is on disk, whatever their ids are', async () => {
    const { library } = open();
    const id = '../../A b';
    const saved = Array.from({ length: 30 }, (_, at) =>
      library.saveDraft({ ...draft, id, text: 'x'.repeat(50_000) + String(at) }, context),
    );
    await Promise.all(saved);
    expect((await open().library.draft({ id }, context))?.text).toHaveLength(50_002);
    expect(readdirSync(folder)).toEqual(['own']);
    // A save on its way does not bring back what was dropped behind it.
    const late = library.saveDraft({ ...draft, id, text: 'late' }, context);
    await library.dropDraft({ id }, context);
    await late;
    expect(await open().library.draft({ id }, context)).toBeNull();
  });

  test('a broken one is no draft and stays; halves of a killed run are not read', async () => {
    const { library } = open();
    await library.saveDraft({ ...draft, text: 'SELECT 1' }, context);
    const own = join(folder, 'own', 'drafts');
    writeFileSync(join(own, 'bad.draft'), '{"version": 1');
    writeFileSync(join(own, 'a1.draft.0011.tmp'), '{"version": 1');
    const again = open().library;
    expect((await again.drafts({}, context)).map(({ id }) => id)).toEqual(['a1']);
    expect(await again.draft({ id: 'bad' }, context)).toBeNull();
    expect(readdirSync(own)).toContain('bad.draft');
    // What was not read is not written over.
    await again.saveDraft({ ...draft, id: 'bad', text: 'SELECT 2' }, context);
    await again.dropDraft({ id: 'bad' }, context);
    const [kept = ''] = readdirSync(own).filter((name) => name.startsWith('bad.'));
    expect(kept).toMatch(/\.broken$/);
    expect(readFileSync(join(own, kept), 'utf8')).toBe('{"version": 1');
    expect((await again.drafts({}, context)).map(({ id }) => id)).toEqual(['a1']);
  });

  test('keep their file, and that it has changed meanwhile is seen', async () => {
    const path = join(folder, 'q.sql');
    writeFileSync(path, 'SELECT 1\r\n');
    const { library } = open();
    const read = await library.readFile({ fileToken: files.add(path, 'read') }, context);
    await library.saveDraft({ ...draft, text: 'SELECT 2\n', fileToken: read.writeToken }, context);
    const again = open().library;
    const back = await again.draft({ id: 'a1' }, context);
    expect(back?.file).toMatchObject({ name: 'q.sql', lineEnd: 'crlf' });
    const write = { fileToken: back?.file?.token ?? '', text: 'SELECT 2\n', lineEnd: 'crlf', force: false } as const;
    writeFileSync(path, 'SELECT 3\n');
    await expect(again.writeFile(write, context)).rejects.toMatchObject({ code: 'conflict' });
    await again.writeFile({ ...write, force: true }, context);
    expect(readFileSync(path, 'utf8')).toBe('SELECT 2\r\n');
  });
});

describe('files', () => {
  const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
  test.each([
    ['UTF-8', Buffer.from('é 😀\nb\n')],
    ['UTF-8 with a mark and CRLF', Buffer.from('\uFEFFé 😀\r\nb\r\n')],
    ['UTF-16', utf16('é 😀\r\nb\r\n')],
    ['UTF-16, the other way round', utf16('é 😀\nb\n').swap16()],
    ['nothing', Buffer.alloc(0)],
  ])('%s are written as they were read', async (_name, bytes) => {
    const path = join(folder, 'f.sql');
    writeFileSync(path, bytes);
    chmodSync(path, 0o640);
    const link = join(folder, 'link.sql');
    symlinkSync(path, link);
    const { library } = open();
    const { text, writeToken, lineEnd } = await library.readFile({ fileToken: files.add(link, 'read') }, context);
    expect(text).toBe(bytes.length === 0 ? '' : 'é 😀\nb\n');
    await library.writeFile({ fileToken: writeToken, text, lineEnd, force: false }, context);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readFileSync(link).equals(bytes)).toBe(true);
    await library.writeFile({ fileToken: writeToken, text: 'again', lineEnd, force: false }, context);
    expect(await library.recentFiles({}, context)).toMatchObject([{ name: 'link.sql' }]);
  });

  test('what is no text is told, and what can’t be written leaves the old', async () => {
    const path = join(folder, 'f.sql');
    writeFileSync(path, Buffer.from([0x61, 0xe9, 0x62]));
    const { library } = open();
    const read = library.readFile({ fileToken: files.add(path, 'read') }, context);
    await expect(read).rejects.toMatchObject({ code: 'file' });
    const away = files.add(join(folder, 'no', 'such', 'f.sql'), 'write');
    const write = library.writeFile({ fileToken: away, text: 'x', lineEnd: 'lf', force: true }, context);
    await expect(write).rejects.toMatchObject({ code: 'file' });
  });
});

describe('texts under names', () => {
  test('saved queries have names of their own in their folder', async () => {
    const { library, feature } = open();
    const query = { id: '', name: ' Daily ', folder: ' a / b /', sql: 'SELECT 1', serverId: null, database: '' };
    const saved = await library.saveQuery(query, context);
    expect(saved).toMatchObject({ name: 'Daily', folder: 'a/b' });
    await expect(library.saveQuery({ ...query, name: 'daily' }, context)).rejects.toMatchObject({
      code: 'conflict',
      info: { field: 'name' },
    });
    await library.saveQuery({ ...query, folder: '' }, context);
    await library.saveQuery({ ...query, id: saved.id, sql: 'SELECT 2' }, context);
    await feature.close();
    const again = open().library;
    expect((await again.saved({}, context)).map(({ sql }) => sql)).toEqual(['SELECT 2', 'SELECT 1']);
    await again.removeQuery({ id: saved.id }, context);
    expect(await again.saved({}, context)).toHaveLength(1);
  });

  test('own snippets can be removed for good; keys belong to one macro', async () => {
    const { library, feature } = open();
    const own = await library.snippets({}, context);
    expect(own.length).toBeGreaterThan(8);
    await library.removeSnippet({ id: own[0]?.id ?? '' }, context);
    const macro = { id: '', name: 'One', sql: 'SELECT 1', keys: 'mod+alt+1' };
    await library.saveMacro(macro, context);
    await expect(library.saveMacro({ ...macro, name: 'Two' }, context)).rejects.toMatchObject({
      info: { field: 'keys' },
    });
    await feature.close();
    expect(await open().library.snippets({}, context)).toHaveLength(own.length - 1);
  });

  test('a macro takes the selection as it is', () => {
    expect(macroText('SELECT $SELECTION$, ($SELECTION$)', "$& $1 '$$'")).toBe("SELECT $& $1 '$$', ($& $1 '$$')");
  });
});
