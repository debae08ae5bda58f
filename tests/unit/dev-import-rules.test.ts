import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Where a file stands, what it must not import, and what it may. One row per row of the import table. */
const TABLE: readonly { readonly file: string; readonly never: readonly string[]; readonly may: readonly string[] }[] =
  [
    {
      file: 'shared/model/probe.ts',
      never: ['electron', 'node:fs', 'path', 'pg', 'react', '../../electron/ports', '../../renderer/ui/tree/tree'],
      may: ['./quote', '../errors', 'zod'],
    },
    {
      file: 'electron/host/probe.ts',
      never: [
        '../features/query/x',
        '../adapters/storage/x',
        '../control-plane/lock',
        'pg',
        '../../renderer/api/index',
      ],
      may: ['electron', 'node:fs', '../log', '../../shared/errors'],
    },
    {
      file: 'electron/ipc/probe.ts',
      never: ['../features/query/x', '../adapters/storage/x', '../host/window', 'pg', 'node:child_process'],
      may: ['electron', '../../shared/contract/define', '../log'],
    },
    {
      file: 'electron/adapters/postgres/probe.ts',
      never: [
        'electron',
        '../tools/run',
        '../storage/x',
        '../../features/query/x',
        '../../host/x',
        '../../ipc/x',
        'child_process',
      ],
      may: ['pg', 'pg-copy-streams', 'node:tls', './session', '../../log', '../../ports', '../../../shared/errors'],
    },
    {
      file: 'electron/adapters/tools/probe.ts',
      never: [
        'electron',
        'pg',
        '../postgres/session',
        '../storage/x',
        '../control-plane/x',
        '../../features/transfer/x',
      ],
      may: ['node:child_process', './run', '../../log', '../../../shared/errors'],
    },
    {
      file: 'electron/adapters/tools/embedded/probe.ts',
      never: ['electron', 'pg', '../../postgres/session', '../../../features/transfer/x'],
      may: ['node:worker_threads', '../run', '../../../log'],
    },
    {
      file: 'electron/adapters/storage/probe.ts',
      never: ['electron', 'pg', 'node:child_process', '../postgres/session', '../tools/run', '../../ipc/dispatch'],
      may: ['node:fs', './json-document', '../../../shared/errors'],
    },
    {
      file: 'electron/adapters/control-plane/probe.ts',
      never: [
        'electron',
        'pg',
        'child_process',
        '../postgres/session',
        '../../control-plane/main',
        '../../features/instances/x',
      ],
      may: ['node:http', './client', '../../log', '../../../shared/model/tc3'],
    },
    {
      file: 'electron/features/query/probe.ts',
      never: [
        'electron',
        'pg',
        'node:child_process',
        '../servers/x',
        '../../ipc/x',
        '../../host/x',
        '../../control-plane/lock',
        '../../main',
      ],
      may: ['./model', '../../adapters/postgres/session', '../../ports', '../../log', '../../../shared/model/query'],
    },
    {
      file: 'electron/control-plane/instances/probe.ts',
      never: [
        'electron',
        'pg',
        '../../features/instances/x',
        '../../ipc/x',
        '../../host/x',
        '../../adapters/control-plane/client',
      ],
      may: [
        'node:child_process',
        '../cluster/init',
        '../../adapters/postgres/session',
        '../../adapters/storage/json-document',
        '../../../shared/errors',
      ],
    },
    {
      file: 'electron/main.ts',
      never: ['./control-plane/lock', '../renderer/api/index', 'pg'],
      may: [
        'electron',
        './features/query/x',
        './adapters/postgres/session',
        './host/window',
        './ipc/dispatch',
        '../shared/errors',
      ],
    },
    {
      file: 'electron/cli.ts',
      never: [
        'electron',
        './host/window',
        './ipc/dispatch',
        './control-plane/lock',
        '../renderer/api/index',
        'pg',
        './main',
      ],
      may: ['./features/query/x', './adapters/postgres/session', './log', '../shared/errors', 'node:path'],
    },
    { file: 'electron/preload.ts', never: ['node:fs', './log', '../shared/errors'], may: ['electron'] },
    {
      file: 'renderer/api/probe.ts',
      never: ['react', 'electron', '../ui/workbench', '../features/query/x', '../app/store', 'node:fs'],
      may: ['../../shared/errors', '../../shared/model/query'],
    },
    {
      file: 'renderer/features/query/probe.ts',
      never: [
        '../catalog/model',
        '../../app/store',
        'electron',
        'node:fs',
        '../../../electron/log',
        '../../../shared/contract/query',
      ],
      may: ['react', './model', '../../api/index', '../../ui/workbench', '../../../shared/model/query'],
    },
    {
      file: 'renderer/ui/probe.ts',
      never: ['../api/index', '../features/query/x', '../app/store', 'electron', '../../shared/contract/query'],
      may: ['react', './bytes', '../../shared/model/query'],
    },
    {
      file: 'renderer/app/probe.ts',
      never: ['electron', 'node:fs', '../../electron/log', '../../shared/contract/query'],
      may: ['../api/index', '../ui/workbench', '../features/query/x', 'react'],
    },
  ];

const rootOf = () => mkdtempSync(join(tmpdir(), 'howdah-lint-'));

/** Lints with the project's own configuration; the result is `file: rule` lines. */
function lint(folder: string, ...args: string[]): Promise<string> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  return new Promise((done) =>
    execFile(process.execPath, [oxlint, '-f', 'unix', ...args], { cwd: folder }, (_error, stdout) => done(stdout)),
  );
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const statement = (specifier: string): string => `export * from '${specifier}';\n`;

describe('the import table', () => {
  const folder = rootOf();
  let output = '';

  beforeAll(async () => {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const { file, never, may } of TABLE) {
      write(folder, file, [...never, ...may].map(statement).join(''));
    }
    output = await lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rows = TABLE.flatMap(({ file, never, may }) => [
    ...never.map((specifier, index) => ({ file, specifier, line: index + 1, refused: true })),
    ...may.map((specifier, index) => ({ file, specifier, line: never.length + index + 1, refused: false })),
  ]);
  it.each(rows)('$file → $specifier: refused $refused', ({ file, line, refused }) => {
    expect(output.includes(`${file}:${line}:`)).toBe(refused);
  });

  it('knows every adapter that exists', () => {
    const adapters = readdirSync(join(root, 'electron/adapters'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `electron/adapters/${entry.name}/probe.ts`);
    expect(TABLE.map(({ file }) => file)).toEqual(expect.arrayContaining(adapters));
  });
});

describe('habits that the linter watches', () => {
  const cases: Record<string, { readonly files: Record<string, string>; readonly rule: string }> = {
    'types of the contract may reach the window, its values not': {
      files: {
        'renderer/ui/x.ts': `import { query } from '../../shared/contract/query';\nexport const y = query;\n`,
        'renderer/ui/type.ts': `import type { query } from '../../shared/contract/query';\nexport type Y = typeof query;\n`,
      },
      rule: 'renderer/ui/x.ts:1:1: .*no-restricted-imports',
    },
    'no import goes round in a circle': {
      files: {
        'shared/a.ts': `import { b } from './b';\nexport const a = (): number => b();\n`,
        'shared/b.ts': `import { a } from './a';\nexport const b = (): number => a();\n`,
      },
      rule: 'no-cycle',
    },
    'no any': {
      files: { 'shared/a.ts': 'export const a = (b: any): string => String(b);\n' },
      rule: 'no-explicit-any',
    },
    'no default export': { files: { 'shared/a.ts': 'export default 1;\n' }, rule: 'no-default-export' },
    'a silenced type error': {
      files: { 'shared/a.ts': '// @ts-nocheck\nexport const a: string = 1;\n' },
      rule: 'ban-ts-comment',
    },
    'only the api touches the bridge': {
      files: { 'renderer/ui/x.ts': `export const call = window.howdah;\n` },
      rule: 'no-restricted-properties',
    },
    'a promise that nobody waits for': {
      files: {
        'shared/a.ts': 'const later = async (): Promise<void> => {};\nexport const a = (): void => {\n  later();\n};\n',
        'tsconfig.json': '{"compilerOptions":{"strict":true,"target":"es2022"},"include":["**/*.ts"]}',
      },
      rule: 'no-floating-promises',
    },
    'a file of more than 400 lines': {
      files: { 'shared/a.ts': `export const a = [\n${'  1,\n'.repeat(400)}];\n` },
      rule: 'max-lines',
    },
    'a file name that is not in kebab-case': {
      files: { 'shared/fooBar.ts': 'export const a = 1;\n' },
      rule: 'filename-case',
    },
  };

  it.each(Object.entries(cases))('%s', async (_name, { files, rule }) => {
    const folder = rootOf();
    try {
      cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
      for (const [file, text] of Object.entries(files)) write(folder, file, text);
      const output = await lint(folder, '--type-aware');
      expect(output).toMatch(new RegExp(rule));
      expect(output).not.toContain('renderer/ui/type.ts');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
