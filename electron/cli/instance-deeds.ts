import { resolve } from 'node:path';
import { AppError } from '../../shared/errors';
import { DRILLS, WEEKDAYS, type Weekday } from '../../shared/model/instance';
import { LOCAL_PLANE } from '../../shared/model/plane';
import type { FileTokens } from '../ports';
import type { InstancesFeature } from '../features/instances/instances-feature';
import { tagsOf, type Values } from './instance-options';
import { detailText, drillText, instanceLine, sessionLine } from './instance-print';
import { settle, settleDrill } from './instance-wait';
import { EXIT, type CommandIo } from './io';

/** What a deed works with. */
export interface DeedContext {
  readonly feature: InstancesFeature;
  readonly files: FileTokens;
  readonly id: string;
  /** The word after the instance's id; empty when there is none. */
  readonly word: string;
  readonly values: Values;
  readonly io: CommandIo;
}

interface Deed {
  /** The words that may follow the id; null is any one word, empty is none. */
  readonly words: readonly string[] | null;
  readonly run: (context: DeedContext) => Promise<number>;
}

const wrong = (message: string): AppError => new AppError({ code: 'invalid-input', message });
const one = ({ id }: DeedContext) => ({ plane: LOCAL_PLANE, id });
const now = { when: { at: 'now' } } as const;

/** Prints the instance as it is when what was begun has ended, or that it was accepted. Failed is what left a problem behind. */
async function ended({ feature, id, values, io }: DeedContext): Promise<number> {
  const [after] = values['no-wait'] ? [] : await settle(feature, [id], io.signal);
  if (values.json) io.out(JSON.stringify({ instance: after ?? null }));
  else io.out(after ? instanceLine(after) : `${id}\t${values['no-wait'] ? 'accepted' : 'gone'}`);
  return after && after.problem !== '' ? EXIT.failed : EXIT.ok;
}

/** A deed that is one call and then waited for. */
const simple = (begin: (context: DeedContext) => Promise<void>, words: Deed['words'] = []): Deed => ({
  words,
  run: async (context) => {
    await begin(context);
    return ended(context);
  },
});

const call = ({ feature: { handlers } }: DeedContext) => handlers;
const signalOf = ({ io }: DeedContext) => ({ signal: io.signal });

async function show(context: DeedContext): Promise<number> {
  const detail = await call(context).detail(one(context), signalOf(context));
  context.io.out(context.values.json ? JSON.stringify({ instance: detail }) : detailText(detail));
  return EXIT.ok;
}

async function sessions(context: DeedContext): Promise<number> {
  const { values, io } = context;
  const found = await call(context).sessions(one(context), signalOf(context));
  if (values.json) io.out(JSON.stringify({ sessions: found }));
  else for (const each of found) io.out(sessionLine(each));
  return EXIT.ok;
}

function weekdaysOf(text: string): Weekday[] {
  const words = text.toLowerCase().split(',');
  return words.map((word) => {
    const day = WEEKDAYS.find((each) => each === word || each.slice(0, 3) === word);
    if (!day) throw wrong(`--days are days of the week with commas between, not "${word}"`);
    return day;
  });
}

async function maintenance(context: DeedContext): Promise<void> {
  const { days, start, duration } = context.values;
  if (days === undefined && start === undefined && duration === undefined)
    throw wrong('Say --days, --start or --duration');
  const { maintenance: before } = await call(context).detail(one(context), signalOf(context));
  await call(context).setMaintenance(
    {
      ...one(context),
      weekdays: days === undefined ? [...before.weekdays] : weekdaysOf(days),
      start: start ?? before.start,
      duration: duration === undefined ? before.duration : Number(duration),
    },
    signalOf(context),
  );
}

async function project(context: DeedContext): Promise<void> {
  if (!/^\d{1,9}$/.test(context.word)) throw wrong(`A project is a whole number, not "${context.word}"`);
  const wanted = { plane: LOCAL_PLANE, ids: [context.id], projectId: Number(context.word) };
  await call(context).setProject(wanted, signalOf(context));
}

async function drill(context: DeedContext): Promise<number> {
  const { feature, id, word, values, io } = context;
  const scenario = DRILLS.find((each) => each === word) ?? 'kill';
  const { drillId } = await call(context).drill({ ...one(context), scenario }, signalOf(context));
  if (values['no-wait']) {
    io.out(values.json ? JSON.stringify({ drillId }) : `${id}\taccepted`);
    return EXIT.ok;
  }
  const report = await settleDrill(feature, id, drillId, io.signal);
  io.out(values.json ? JSON.stringify({ drill: report }) : drillText(report));
  return report.lost === 0 && report.problem === '' ? EXIT.ok : EXIT.failed;
}

async function drillZone(context: DeedContext): Promise<number> {
  const { feature, id: zone, values, io } = context;
  const begun = await call(context).drillZone({ plane: LOCAL_PLANE, zone }, signalOf(context));
  if (values['no-wait']) {
    if (values.json) io.out(JSON.stringify({ drills: begun }));
    else for (const { id } of begun) io.out(`${id}\taccepted`);
    return EXIT.ok;
  }
  const reports = await Promise.all(begun.map(({ id, drillId }) => settleDrill(feature, id, drillId, io.signal)));
  const told = begun.map(({ id }, index) => ({ id, drill: reports[index] }));
  if (values.json) io.out(JSON.stringify({ drills: told }));
  else for (const each of told) if (each.drill) io.out(`${each.id}\n${drillText(each.drill)}`);
  return reports.every(({ lost, problem }) => lost === 0 && problem === '') ? EXIT.ok : EXIT.failed;
}

async function adjust(context: DeedContext): Promise<void> {
  const { values } = context;
  if (values.class === undefined && values.storage === undefined) throw wrong('Say --class, --storage or both');
  const before = await call(context).detail(one(context), signalOf(context));
  await call(context).adjust(
    {
      ...one(context),
      ...now,
      classCode: values.class ?? before.classCode,
      storageGb: values.storage === undefined ? before.storageGb : Number(values.storage),
    },
    signalOf(context),
  );
}

async function deploy(context: DeedContext): Promise<void> {
  const { values } = context;
  const before = await call(context).detail(one(context), signalOf(context));
  // What was not named stays where it is.
  const standby = values['standby-zone'] ?? before.standbyZones[0] ?? null;
  await call(context).deploy(
    { ...one(context), ...now, zone: values.zone ?? before.zone, standbyZone: values.single ? null : standby },
    signalOf(context),
  );
}

async function ssl(context: DeedContext): Promise<number> {
  const { word, values, files, io } = context;
  const enabled = word === 'on';
  if (!enabled && values.ca !== undefined) throw wrong('--ca goes with "on": without TLS there is no certificate');
  const connectAddress = values.address ?? (await call(context).detail(one(context), signalOf(context))).host;
  await call(context).setSsl({ ...one(context), enabled, connectAddress }, signalOf(context));
  if (values.ca === undefined) return ended(context);
  // The certificate is there when the operation has ended.
  await settle(context.feature, [context.id], io.signal);
  const fileToken = files.add(resolve(values.ca), 'write');
  await call(context).saveCertificate({ ...one(context), fileToken }, signalOf(context));
  return ended(context);
}

const ON_OFF = ['on', 'off'] as const;

export const DEEDS: Readonly<Record<string, Deed>> = {
  show: { words: [], run: show },
  sessions: { words: [], run: sessions },
  project: simple(project, null),
  tags: simple((context) =>
    call(context).setTags({ ...one(context), tags: tagsOf(context.values) }, signalOf(context)),
  ),
  maintenance: simple(maintenance),
  restart: simple((context) => call(context).restart(one(context), signalOf(context))),
  isolate: simple((context) => call(context).isolate(one(context), signalOf(context))),
  restore: simple((context) => call(context).restore(one(context), signalOf(context))),
  destroy: simple((context) => call(context).destroy(one(context), signalOf(context))),
  rename: simple((context) => call(context).rename({ ...one(context), name: context.word }, signalOf(context)), null),
  protect: simple((context) =>
    call(context).setDeletionProtection({ ...one(context), enabled: true }, signalOf(context)),
  ),
  unprotect: simple((context) =>
    call(context).setDeletionProtection({ ...one(context), enabled: false }, signalOf(context)),
  ),
  switch: simple((context) =>
    call(context).switchPrimary({ ...one(context), ...now, force: context.values.force }, signalOf(context)),
  ),
  drill: { words: DRILLS, run: drill },
  'drill-zone': { words: [], run: drillZone },
  adjust: simple(adjust),
  deploy: simple(deploy),
  public: simple((context) => {
    const { openPublic, closePublic } = call(context);
    return (context.word === 'on' ? openPublic : closePublic)(one(context), signalOf(context));
  }, ON_OFF),
  ssl: { words: ON_OFF, run: ssl },
};

/** Whether the words after the deed are what it takes: an id, and its one word if there is to be one. */
export function fits({ words }: Deed, given: readonly string[]): boolean {
  const [id, word] = given;
  if (id === undefined || given.length > 2) return false;
  if (words === null) return word !== undefined;
  return words.length === 0 ? word === undefined : word !== undefined && words.includes(word);
}
