import { quoteIdent } from '../../../../shared/model/quote';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { EXTENSIONS, readExtensions, type ExtensionState } from './extension-state';
import { EXTENSION_NOTES } from './extension-notes';
import { count, databaseFinding, forDatabases, passed } from './object-scope';

const named = ({ name, version, uses }: ExtensionState): string =>
  `${name} ${version}${uses === 0 ? '' : ` (${count(uses, 'object')})`}`;

const extensionCheck = (o: {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly judge: (
    states: readonly ExtensionState[],
    database: CheckedDatabase,
    context: CheckContext,
  ) => Omit<Found, 'side' | 'database' | 'sql'> | null | Promise<Omit<Found, 'side' | 'database' | 'sql'> | null>;
}): Check => ({
  id: o.id,
  step: 'DependencyCheck',
  title: o.title,
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const states = await readExtensions(context, database);
      const said = await o.judge(states, database, context);
      if (said === null) return passed(database, 'both', EXTENSIONS, o.none);
      return databaseFinding(database, 'both', EXTENSIONS, said.items ?? [], said);
    }),
});

const absent = extensionCheck({
  id: 'extensions-absent',
  title: 'Extensions that the target does not have',
  none: 'The target has all extensions',
  judge(states) {
    const lacking = states.filter(({ installed, available }) => installed === null && available === null);
    if (lacking.length === 0) return null;
    const used = lacking.filter(({ uses }) => uses > 0);
    return {
      level: used.length > 0 ? 'failed' : 'warning',
      found: `${count(lacking.length, 'extension')} that cannot be installed on the target${used.length > 0 ? `; ${count(used.length, 'of them is', 'of them are')} in use` : ''}`,
      items: lacking.map(named),
      effect:
        used.length > 0
          ? 'The objects that use them cannot be made, tables among them with their rows.'
          : 'These extensions will not exist on the target. None of the objects that travel depends on them.',
      remedy:
        'Install the packages of the extensions on the machine of the target, ask its provider to allow them, or leave out what uses them.',
    };
  },
});

const toCreate = extensionCheck({
  id: 'extensions-create',
  title: 'Extensions to be created on the target',
  none: 'Nothing has to be created',
  judge(states, { plan, target }, context) {
    const wanted = states.filter(({ installed, available }) => installed === null && available !== null);
    if (wanted.length === 0) return null;
    const refused = wanted.filter(({ allowed }) => !allowed);
    const used = refused.filter(({ uses }) => uses > 0);
    const statement = ({ name }: ExtensionState): string => `CREATE EXTENSION IF NOT EXISTS ${quoteIdent(name)}`;
    const mine = wanted.filter(({ allowed }) => allowed).map(statement);
    return {
      level: used.length > 0 ? 'failed' : refused.length > 0 ? 'warning' : 'info',
      found:
        refused.length > 0
          ? `${count(refused.length, 'extension')} that ${context.target.user} may not create`
          : `${count(wanted.length, 'extension')} that the target has and that will be created`,
      items: (refused.length > 0 ? refused : wanted).map(named),
      effect:
        refused.length > 0
          ? 'These extensions, and the objects that use them, cannot be made by this account.'
          : 'They are created with the structure, in the versions that the target has.',
      remedy:
        refused.length > 0
          ? `Let a superuser run in ${quoteIdent(plan.target)}: ${refused.map(statement).join('; ')}`
          : 'They can be created now as well, to see that it works.',
      fix: target !== null && mine.length > 0 ? { side: 'target', database: plan.target, statements: mine } : null,
    };
  },
});

const versions = extensionCheck({
  id: 'extension-versions',
  title: 'Versions of extensions',
  none: 'Extensions have the same versions on both sides',
  judge(states, { plan }) {
    const other = states.flatMap((state) => {
      const version = state.installed?.version ?? state.available?.version;
      return version === undefined || version === state.version ? [] : [{ ...state, there: version }];
    });
    if (other.length === 0) return null;
    const updates = other
      .filter(({ installed, available, version }) => installed !== null && available?.versions.includes(version))
      .map(({ name, version }) => `ALTER EXTENSION ${quoteIdent(name)} UPDATE TO ${quoteIdent(version)}`);
    return {
      level: 'warning',
      found: `${count(other.length, 'extension')} of another version on the target`,
      items: other.map(({ name, version, there }) => `${name}: ${version} → ${there}`),
      effect: 'Functions of the extensions may behave in another way or be missing; what calls them may fail.',
      remedy:
        updates.length > 0
          ? `In ${quoteIdent(plan.target)}: ${updates.join('; ')}`
          : "Read the extensions' notes on the versions between, or install the same version on the target.",
      fix: null,
    };
  },
});

const schemas = extensionCheck({
  id: 'extension-schemas',
  title: 'Schemas of extensions',
  none: 'Extensions that are on the target lie in the same schemas',
  judge(states) {
    const moved = states.filter(({ installed, schema }) => installed !== null && installed.schema !== schema);
    if (moved.length === 0) return null;
    return {
      level: 'warning',
      found: `${count(moved.length, 'extension')} in another schema on the target`,
      items: moved.map(({ name, schema, installed }) => `${name}: ${schema} → ${installed?.schema ?? ''}`),
      effect: 'Definitions name types and functions of the extension with their schema: what uses them cannot be made.',
      remedy: 'ALTER EXTENSION … SET SCHEMA … on the target, or on the source, so that both agree.',
    };
  },
});

/** Libraries are named as the extensions, or as the note says. */
const PRELOADED = "SELECT pg_catalog.current_setting('shared_preload_libraries', true) AS libraries";
const preloaded: Check = {
  id: 'extension-preload',
  step: 'DependencyCheck',
  title: 'Libraries that the target has to load at its start',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const states = await readExtensions(context, database);
      const wanted = states.flatMap(({ name }) => {
        const library = EXTENSION_NOTES[name]?.library;
        return library === undefined ? [] : [{ name, library }];
      });
      if (wanted.length === 0)
        return passed(database, 'target', PRELOADED, 'No extension needs its library loaded at the start');
      const [row] = await context.target.server.query<{ libraries: string | null }>(PRELOADED, [], context.signal);
      const loaded = new Set((row?.libraries ?? '').split(',').map((each) => each.trim().replaceAll('"', '')));
      const missing = wanted.filter(({ library }) => !loaded.has(library));
      if (missing.length === 0)
        return passed(database, 'target', PRELOADED, 'The target loads the libraries of all extensions');
      return databaseFinding(
        database,
        'target',
        PRELOADED,
        missing.map(({ name, library }) => `${name}: ${library}`),
        {
          level: 'warning',
          found: `${count(missing.length, 'extension')} whose library is not in shared_preload_libraries of the target`,
          effect: 'CREATE EXTENSION fails, or the functions of the extension do nothing.',
          remedy: `Add to shared_preload_libraries of the target and start it again: ${missing.map(({ library }) => library).join(', ')}`,
        },
      );
    }),
};

const notes = extensionCheck({
  id: 'extension-notes',
  title: 'Extensions that need care',
  none: 'No extension is known to need more than its creation',
  judge(states) {
    const known = states.flatMap(({ name }) => {
      const note = EXTENSION_NOTES[name]?.note;
      return note === undefined ? [] : [`${name}: ${note}`];
    });
    if (known.length === 0) return null;
    return {
      level: 'warning',
      found: `${count(known.length, 'extension')} with things that a copy of tables does not carry`,
      items: known,
      effect:
        'What the extension keeps outside of ordinary tables, or does in the background, is not on the target by itself.',
      remedy: 'Do what is written with each extension after the copy.',
    };
  },
});

export const EXTENSION_CHECKS: readonly Check[] = [absent, toCreate, versions, schemas, preloaded, notes];
