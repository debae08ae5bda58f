import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectSelection } from '../../../../shared/model/migration';
import classes from './chosen-objects.module.css';
import { chosenLines } from './chosen-lines';

/** Lines that are drawn; a selection may have a hundred thousand. */
const MOST = 500;

/** What travels, as it was chosen: whole things in one line each, what is renamed with its new name. */
export function ChosenObjects({ objects }: { readonly objects: ObjectSelection }) {
  const { t } = useTranslation('migration');
  const lines = useMemo(() => chosenLines(objects), [objects]);
  return (
    <>
      <p>{t(objects.mode === 'all' ? 'task.chosen.everything' : 'task.chosen.named')}</p>
      <p className={classes.quiet}>
        {t(`task.chosen.roles.${objects.roleMode}`, { names: objects.roles.join(', '), count: objects.roles.length })}
      </p>
      {lines.length === 0 ? null : (
        <ul className={classes.list}>
          {lines.slice(0, MOST).map((line) => (
            <li key={`${line.kind} ${line.path}`} className={classes.line}>
              <span className={classes.quiet}>{t(`task.chosen.kinds.${line.kind}`)}</span>
              <span className={classes.path}>
                <span className="mono">{line.path}</span>
                {line.newName === '' ? null : (
                  <>
                    {' → '}
                    <span className="mono">{line.newName}</span>
                  </>
                )}
                {line.whole ? <span className={classes.quiet}> {t('task.chosen.whole')}</span> : null}
                {line.rowFilter === '' ? null : (
                  <span className={classes.quiet}>
                    {' '}
                    {t('task.chosen.where')} <span className="mono">{line.rowFilter}</span>
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {lines.length > MOST ? (
        <p className={classes.quiet}>{t('task.chosen.more', { count: lines.length - MOST })}</p>
      ) : null}
    </>
  );
}
