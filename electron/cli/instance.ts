import { AppError, errorInfo } from '../../shared/errors';
import { LOCAL_PLANE } from '../../shared/model/plane';
import { localPlane } from '../adapters/control-plane/control-plane';
import { createFileTokens } from '../adapters/storage/file-tokens';
import { createInstancesFeature, type InstancesFeature } from '../features/instances/instances-feature';
import type { Logger } from '../log';
import type { FileTokens } from '../ports';
import { createInstances } from './instance-create';
import { DEEDS, fits } from './instance-deeds';
import { parseWords, USAGE, wrongValue, type Values } from './instance-options';
import { instanceLine } from './instance-print';
import { EXIT, type CommandIo } from './io';
import { openLocalPlane } from './local-plane';

const QUIET: Logger = { write: () => undefined, bug: () => '' };

const notHere = (what: string): AppError =>
  new AppError({ code: 'unsupported', message: `The command line ${what}: the window does` });

function openFeature(values: Values, files: FileTokens): InstancesFeature {
  const controlPlane = openLocalPlane(values.state);
  const local = localPlane(controlPlane);
  return createInstancesFeature({
    controlPlane,
    planeOf: (id) => {
      if (id === LOCAL_PLANE) return local;
      throw notHere('knows the local control plane only');
    },
    registerServer: async () => {
      throw notHere('keeps no server list');
    },
    files,
    startAtLogin: {
      state: async () => ({ enabled: false, available: false }),
      set: async () => {
        throw notHere('does not change what starts at login');
      },
    },
    emit: () => undefined,
    log: QUIET,
  });
}

function explain(error: unknown, json: boolean, io: CommandIo): number {
  const info = errorInfo(error);
  if (json) io.out(JSON.stringify({ error: info }));
  else io.err([`error: ${info.message}`, info.apiCode, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
  return EXIT.failed;
}

async function list(feature: InstancesFeature, values: Values, io: CommandIo): Promise<number> {
  const all = await feature.handlers.list({ plane: LOCAL_PLANE }, { signal: io.signal });
  if (values.json) io.out(JSON.stringify({ instances: all }));
  else for (const each of all) io.out(instanceLine(each));
  return EXIT.ok;
}

/** What the words ask for; null when they are not a command. */
function commandOf(
  positionals: readonly string[],
): ((feature: InstancesFeature, files: FileTokens, values: Values, io: CommandIo) => Promise<number>) | null {
  const [verb = '', ...given] = positionals;
  const deed = Object.hasOwn(DEEDS, verb) ? DEEDS[verb] : undefined;
  if (deed && fits(deed, given)) {
    const [id = '', word = ''] = given;
    return (feature, files, values, io) => deed.run({ feature, files, id, word, values, io });
  }
  if (given.length > 0) return null;
  if (verb === 'create') return (feature, _files, values, io) => createInstances(feature, values, io);
  if (verb === 'list') return (feature, _files, values, io) => list(feature, values, io);
  return null;
}

/**
 * `howdah instance …` over the same feature as the window. Exit codes: 0 done, 1 failed (the reason on standard error, or as JSON), 2 not a
 * command.
 */
export async function instanceCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let parsed: ReturnType<typeof parseWords>;
  try {
    parsed = parseWords(args);
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT.usage;
  }
  const { values, positionals } = parsed;
  const wrong = wrongValue(values);
  if (wrong !== null) {
    io.err(`${wrong}\n${USAGE}`);
    return EXIT.usage;
  }
  if (values.help) {
    io.out(USAGE);
    return EXIT.ok;
  }
  const command = commandOf(positionals);
  if (!command) {
    io.err(USAGE);
    return EXIT.usage;
  }
  const files = createFileTokens();
  const feature = openFeature(values, files);
  try {
    return await command(feature, files, values, io);
  } catch (error) {
    return explain(error, values.json, io);
  } finally {
    await feature.close();
  }
}
