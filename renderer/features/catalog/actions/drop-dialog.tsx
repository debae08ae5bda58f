import { Checkbox } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import { displayName } from '../../../../shared/model/catalog-rules';
import type { Command } from '../../../../shared/model/command';
import { api } from '../../../api/index';
import { ErrorPanel } from '../../../ui/error-panel';
import { RelatedTable } from '../related-tab';
import { useLoaded } from '../use-loaded';
import { useServer } from '../use-server';
import classes from './actions.module.css';
import { useObjectsInWords } from './deed-words';
import { StatementDialog } from './statement-dialog';

export interface DropDialogProps {
  readonly command: Extract<Command, { do: 'drop-objects' }>;
  readonly onClose: () => void;
}

const OF_SERVER = new Set(['database', 'role', 'tablespace']);
/** WITH (FORCE) came with 13. */
const FORCE_SINCE = 130_000;
const NAMES_SHOWN = 100;

const nameToType = (objects: readonly ObjectRef[], server: string): string => {
  const [first] = objects;
  return objects.length === 1 && first ? first.name : server;
};

/** Says what would be dropped and what falls with it, before anything is. */
export function DropDialog({ command, onClose }: DropDialogProps) {
  const { serverId, database, objects } = command;
  const { t } = useTranslation('objects');
  const inWords = useObjectsInWords();
  const server = useServer(serverId);
  const [cascade, setCascade] = useState(command.cascade);
  const [force, setForce] = useState(false);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.catalog.dropPlan({ serverId, database, objects: [...objects], cascade, force }, signal),
    [serverId, database, objects, cascade, force],
  );
  const { value: plan, error, reload } = useLoaded(true, read);
  const ofServer = objects.some(({ kind }) => OF_SERVER.has(kind));
  const falls = plan?.falls ?? [];
  const held = falls.length > 0 && (!cascade || ofServer);
  const what = inWords(objects);
  const total = falls.length + (plan?.more ?? 0);
  return (
    <StatementDialog
      serverId={serverId}
      database={database}
      title={t('drop.title', { what })}
      deed={t(cascade && !ofServer ? 'drop.deedCascade' : 'drop.deed', { what })}
      danger
      statements={error === null && plan !== null ? plan.statements : []}
      ready={!held}
      typed={nameToType(objects, server?.name ?? '')}
      onClose={onClose}
    >
      {objects.length > 1 ? (
        <ul className={classes.names} aria-label={t('drop.objects')}>
          {objects.slice(0, NAMES_SHOWN).map((object) => (
            <li key={`${object.kind} ${object.oid} ${object.sub}`}>{displayName(object)}</li>
          ))}
          {objects.length > NAMES_SHOWN ? <li>{t('drop.others', { count: objects.length - NAMES_SHOWN })}</li> : null}
        </ul>
      ) : null}
      {error === null ? null : <ErrorPanel error={error} onRetry={reload} />}
      {plan === null && error === null ? <p className={classes.muted}>{t('drop.looking')}</p> : null}
      {plan !== null && total === 0 ? <p className={classes.text}>{t('drop.nothingElse')}</p> : null}
      {total === 0 ? null : (
        <section>
          <p className={classes.text}>
            {t(ofServer ? 'drop.keptByServer' : held ? 'drop.kept' : 'drop.falls', { count: total })}
          </p>
          <div className={classes.list} role="group" aria-label={t('drop.list')}>
            <RelatedTable
              related={falls}
              label={t('drop.list')}
              serverId={serverId}
              database={database}
              onOpen={onClose}
            />
          </div>
          {plan?.more === undefined ? null : <p className={classes.muted}>{t('drop.others', { count: plan.more })}</p>}
        </section>
      )}
      {ofServer ? null : (
        <Checkbox
          label={t('drop.cascade')}
          checked={cascade}
          onChange={(event) => setCascade(event.currentTarget.checked)}
        />
      )}
      {objects.some(({ kind }) => kind === 'database') && (server?.status.versionNum ?? 0) >= FORCE_SINCE ? (
        <Checkbox label={t('drop.force')} checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />
      ) : null}
    </StatementDialog>
  );
}
