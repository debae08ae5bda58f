import { UnstyledButton } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectRef, RelatedObject } from '../../../shared/model/catalog';
import { displayName } from '../../../shared/model/catalog-rules';
import { api } from '../../api/index';
import { ObjectIcon } from '../../ui/object-icon';
import { useCommand } from '../../ui/workbench';
import classes from './object-view.module.css';
import { Outcome } from './outcome';
import { useLoaded } from './use-loaded';

export interface RelatedTabProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  readonly direction: 'needs' | 'needed-by';
}

/** Dependencies or dependents of an object: what each is, and how it hangs together. */
export function RelatedTab({ serverId, database, object, direction }: RelatedTabProps) {
  const { t } = useTranslation('objects');
  const read = useCallback(
    (signal: AbortSignal) => api.catalog.related({ serverId, database, object, direction }, signal),
    [serverId, database, object, direction],
  );
  const { value, error, reload } = useLoaded(true, read);
  return (
    <Outcome error={error} onRetry={reload} ready={value !== null}>
      {value?.length === 0 ? <p className={classes.none}>{t(`related.none.${direction}`)}</p> : null}
      {value === null || value.length === 0 ? null : (
        <div className={classes.properties}>
          <RelatedTable related={value} label={t(`related.${direction}`)} serverId={serverId} database={database} />
        </div>
      )}
    </Outcome>
  );
}

export interface RelatedTableProps {
  readonly related: readonly RelatedObject[];
  readonly label: string;
  readonly serverId: string;
  readonly database: string;
  /** Called when one was opened, e.g. to close a dialog. */
  readonly onOpen?: () => void;
}

/** Objects with their kind and how they hang on another; a click opens one. */
export function RelatedTable({ related, label, serverId, database, onOpen }: RelatedTableProps) {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const run = useCommand();
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('related.object')}</th>
          <th scope="col">{t('related.kind')}</th>
          <th scope="col">{t('related.how')}</th>
        </tr>
      </thead>
      <tbody>
        {related.map(({ ref, text, how }) => (
          <tr key={`${text} ${how}`}>
            <td title={text}>
              {ref === null ? (
                text
              ) : (
                <UnstyledButton
                  className={classes.link ?? ''}
                  onClick={() => {
                    run({ do: 'show-object', serverId, database, object: ref });
                    onOpen?.();
                  }}
                >
                  <ObjectIcon kind={ref.kind} />
                  {ref.kind === 'column' ? text : displayName(ref)}
                </UnstyledButton>
              )}
            </td>
            <td>{ref === null ? '' : words(`kinds.${ref.kind}`)}</td>
            <td>{t(`related.hows.${how}`, { defaultValue: how })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
