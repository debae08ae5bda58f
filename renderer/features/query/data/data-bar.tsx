import { Button, Tooltip } from '@mantine/core';
import { IconPlayerStop, IconRefresh, IconSql } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { ResultState } from '../../../../shared/model/query';
import type { ServerView } from '../../../../shared/model/server';
import { formatCount, formatDuration } from '../../../ui/bytes';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { useKeysHint } from '../keys-hint';
import classes from './data-view.module.css';

export interface DataBarProps {
  readonly object: ObjectRef;
  readonly server: ServerView | null;
  readonly database: string;
  readonly user: string;
  readonly result: ResultState | null;
  /** Rows that are read at most; 0 is all. */
  readonly limit: number;
  readonly running: boolean;
  readonly onRefresh: () => void;
  readonly onStop: () => void;
  /** Null until it is known how the rows are read. */
  readonly onQuery: (() => void) | null;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** Whose rows these are, how many, and reading them again. */
export function DataBar(props: DataBarProps) {
  const { object, server, database, user, result, limit, running } = props;
  const { t, i18n } = useTranslation('data');
  const { t: words } = useTranslation('query');
  const hint = useKeysHint();
  const place = [server?.name ?? '', database, user].filter((part) => part !== '').join(' · ');
  return (
    <div
      className={classes.bar}
      role="toolbar"
      aria-label={t('view.tools')}
      data-environment={server?.environment ?? 'none'}
    >
      {running ? (
        <Button color="error" leftSection={<IconPlayerStop {...icon} />} onClick={props.onStop}>
          {t('view.stop')}
        </Button>
      ) : (
        <Tooltip label={hint(t('view.refreshHint'), 'data.refresh', 'f5')}>
          <Button variant="default" leftSection={<IconRefresh {...icon} />} onClick={props.onRefresh}>
            {t('view.refresh')}
          </Button>
        </Tooltip>
      )}
      <Button
        variant="default"
        leftSection={<IconSql {...icon} />}
        disabled={props.onQuery === null}
        onClick={() => props.onQuery?.()}
      >
        {t('view.query')}
      </Button>
      <span className={classes.name}>
        <MiddleEllipsis text={object.schema === '' ? object.name : `${object.schema}.${object.name}`} />
      </span>
      <span className={classes.place}>
        <MiddleEllipsis text={place} />
      </span>
      <span className={classes.gap} />
      {result ? (
        <span className={classes.facts}>
          {words('rows', { count: result.rowCount, text: formatCount(result.rowCount, i18n.language) })}
          {' · '}
          {formatDuration(result.ms)}
          {limit > 0 && result.rowCount >= limit
            ? ` · ${t('view.limited', { text: formatCount(limit, i18n.language) })}`
            : ''}
        </span>
      ) : null}
    </div>
  );
}
