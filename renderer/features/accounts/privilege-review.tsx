import { ActionIcon, Checkbox } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pathOf, type Change } from './model';
import classes from './privileges-dialog.module.css';

export interface PrivilegeReviewProps {
  readonly name: string;
  /** The new type; null when it stays. */
  readonly type: 'normal' | 'super' | null;
  readonly changes: readonly Change[];
  readonly cascade: boolean;
  readonly onCascade: (cascade: boolean) => void;
  /** Takes one change back; null is the type. */
  readonly onRemove: (key: string | null) => void;
}

/** What will be done, line by line, before it is done. */
export function PrivilegeReview({ name, type, changes, cascade, onCascade, onRemove }: PrivilegeReviewProps) {
  const { t } = useTranslation('accounts');
  const revokes = changes.some(({ revoke }) => revoke.length > 0);
  return (
    <>
      <p>{t('privileges.reviewLead', { name })}</p>
      <ul className={classes.changes} aria-label={t('privileges.changes')}>
        {type === null ? null : (
          <li>
            <span>{t('privileges.typeChange', { type: t(`types.${type}`) })}</span>
            <ActionIcon aria-label={t('privileges.undoType')} onClick={() => onRemove(null)}>
              <IconX size={16} stroke={1.5} />
            </ActionIcon>
          </li>
        )}
        {changes.map(({ key, object, grant, revoke }) => {
          const path = pathOf(object);
          return (
            <li key={key}>
              <div>
                {grant.length === 0 ? null : (
                  <div>
                    <span className={classes.grant}>{t('privileges.grant')}</span> {grant.join(', ')}
                  </div>
                )}
                {revoke.length === 0 ? null : (
                  <div>
                    <span className={classes.revoke}>{t('privileges.revoke')}</span> {revoke.join(', ')}
                  </div>
                )}
                <div className={classes.note}>
                  {t(`kinds.one.${object.type}`)} <span className={classes.path}>{path}</span>
                </div>
              </div>
              <ActionIcon aria-label={t('privileges.undo', { object: path })} onClick={() => onRemove(key)}>
                <IconX size={16} stroke={1.5} />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      {revokes ? (
        <Checkbox
          label={t('privileges.cascade')}
          description={t('privileges.cascadeNote', { name })}
          checked={cascade}
          onChange={(event) => onCascade(event.currentTarget.checked)}
        />
      ) : null}
    </>
  );
}
