import { useTranslation } from 'react-i18next';
import type { QueryNotification } from '../../../shared/model/query';
import { formatUtc } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { visibleText } from '../../ui/visible-text';
import classes from './notifications-page.module.css';

const visibleLines = (payload: string): string => payload.split('\n').map(visibleText).join('\n');

/** What the session heard by LISTEN, the newest first. */
export function NotificationsPage({ notifications }: { readonly notifications: readonly QueryNotification[] }) {
  const { t, i18n } = useTranslation('query');
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <div className={classes.page} role="region" aria-label={t('heard.label')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('heard.time')}</th>
            <th scope="col">{t('heard.channel')}</th>
            <th scope="col">{t('heard.payload')}</th>
            <th scope="col">{t('heard.pid')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('heard.deeds')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {notifications.toReversed().map(({ at, channel, payload, pid }, index) => (
            <tr key={`${at}-${notifications.length - index}`}>
              <td className={classes.figure} title={formatUtc(at)}>
                {time.format(at)}
              </td>
              <td className={`${classes.channel} selectable`}>
                <MiddleEllipsis text={channel} />
              </td>
              <td className={`${classes.payload} selectable`}>{visibleLines(payload)}</td>
              <td className={classes.figure}>{pid}</td>
              <td>{payload === '' ? null : <CopyButton text={payload} label={t('heard.copy')} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
