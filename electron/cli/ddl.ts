import { AppError } from '../../shared/errors';
import { parseKindAndName } from '../../shared/model/object-name';
import { createCatalogFeature } from '../features/catalog/catalog-feature';
import { createLogger } from '../log';
import { parseArgs, usageError } from './args';
import { createCliConnections } from './connections';
import { EXIT, type CommandLine } from './io';

/** Records of the features are no output of the command; only warnings and errors reach standard error. */
function quietLogger(): ReturnType<typeof createLogger> {
  const log = createLogger(null);
  return {
    ...log,
    write: (level, text, facts) => {
      if (level === 'warn' || level === 'error') log.write(level, text, facts);
    },
  };
}

const USAGE =
  'Write howdah ddl URI [--all] [--json], or howdah ddl URI --object [KIND:]NAME [--json] where KIND is e.g. table, function, role or cast';

/**
 * `howdah ddl URI [--all] [--json]` prints the statements that make a database anew, in the order in which they can run;
 * `howdah ddl URI --object [KIND:]NAME [--json]` those of an object, or of every object of that name.
 */
export const ddlCommand: CommandLine = async (args, io) => {
  const parsed = parseArgs(args, { flags: ['json', 'all'], options: ['object'] });
  const [target, ...rest] = parsed.operands;
  const named = parsed.value('object');
  if (target === undefined || rest.length > 0 || (named !== undefined && parsed.has('all'))) throw usageError(USAGE);
  const name = named === undefined ? null : parseKindAndName(named);
  if (named !== undefined && name === null) throw usageError(`"${named}" is no object name. ${USAGE}`);

  const log = quietLogger();
  const connections = createCliConnections(log);
  const { serverId, database } = connections.add(target);
  const catalog = createCatalogFeature({ connections, log });
  try {
    if (name) {
      const found = await catalog.namedDdl(serverId, database, name, io.signal);
      if (found.length === 0) {
        throw new AppError({
          code: 'not-found',
          message: `There is no ${named} in ${database}`,
          hint: 'Write the name as the catalogs have it, with its schema: upper and lower case matter.',
        });
      }
      io.out(
        parsed.has('json')
          ? JSON.stringify({ objects: found.map(({ object, sql }) => ({ ...object, sql })) })
          : found.map(({ sql }) => sql.trimEnd()).join('\n\n'),
      );
      return EXIT.ok;
    }
    const { sql } = await catalog.databaseDdl(serverId, database, io.signal);
    io.out(parsed.has('json') ? JSON.stringify({ sql }) : sql.trimEnd());
    return EXIT.ok;
  } finally {
    await catalog.close();
  }
};
