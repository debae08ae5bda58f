import { AppError } from '../../shared/errors';
import { parseObjectName } from '../../shared/model/object-name';
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

/**
 * `howdah ddl URI [--object SCHEMA.NAME] [--json]`: the statements that make a database, or the objects of one name, anew. Kinds of objects
 * that the script of a database can't make yet are told on standard error, and the exit code says so.
 */
export const ddlCommand: CommandLine = async (args, io) => {
  const parsed = parseArgs(args, { flags: ['json'], options: ['object'] });
  const [target, ...rest] = parsed.operands;
  if (target === undefined || rest.length > 0) throw usageError('Write howdah ddl URI [--object SCHEMA.NAME]');
  const named = parsed.value('object');
  const name = named === undefined ? null : parseObjectName(named);
  if (named !== undefined && name === null) throw usageError(`"${named}" is no object name`);

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
