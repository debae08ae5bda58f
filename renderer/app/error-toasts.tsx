import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo, type ErrorInfo } from '../../shared/errors';
import { offerUnlock } from '../features/settings/store';
import { useCopy } from '../ui/clipboard';
import { registerErrorPresenter } from '../ui/error-presenter';
import { keepNotice } from '../ui/notice';
import { errorMarks, errorReport } from '../ui/error-text';
import classes from './error-toasts.module.css';

/** Shows errors that nothing nearer owns, and catches what nobody caught. */
export function ErrorToasts() {
  const { t } = useTranslation('app');
  useEffect(() => {
    const present = (error: unknown) => {
      const info = errorInfo(error);
      if (info.code === 'cancelled' || offerUnlock(error)) return;
      keepNotice({
        kind: 'error',
        title: info.code === 'bug' ? t('errors.bug') : info.message,
        text: [
          ...(info.code === 'bug' ? [info.message] : []),
          ...errorMarks(info),
          info.code === 'bug' ? '' : (info.detail ?? ''),
        ]
          .filter((line) => line !== '')
          .join('\n'),
      });
      notifications.show({
        // The same error twice in a row stands once.
        id: `${info.code} ${info.message}`.slice(0, 200),
        color: 'error',
        autoClose: false,
        closeButtonProps: { 'aria-label': t('errors.dismiss') },
        title: info.code === 'bug' ? t('errors.bug') : info.message,
        message: <ToastBody info={info} />,
      });
    };
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      present(event.reason);
    };
    const onError = (event: ErrorEvent) => {
      // The observer's own notice that a layout settled a frame later: no failure.
      if (!event.message.includes('ResizeObserver')) present(event.error ?? new Error(event.message));
    };
    const forget = registerErrorPresenter(present);
    window.addEventListener('unhandledrejection', onRejection);
    window.addEventListener('error', onError);
    return () => {
      forget();
      window.removeEventListener('unhandledrejection', onRejection);
      window.removeEventListener('error', onError);
    };
  }, [t]);
  return null;
}

function ToastBody({ info }: { readonly info: ErrorInfo }) {
  const { t } = useTranslation('app');
  const copy = useCopy();
  const marks = errorMarks(info);
  const hint = info.hint ?? (info.code === 'bug' ? t('errors.bugHint') : undefined);
  return (
    <div className={classes.body}>
      {info.code === 'bug' ? <div className={classes.words}>{info.message}</div> : null}
      {marks.length === 0 ? null : <div className={classes.marks}>{marks.join(' · ')}</div>}
      {info.detail === undefined || info.code === 'bug' ? null : <div className={classes.words}>{info.detail}</div>}
      {hint === undefined ? null : <div>{hint}</div>}
      <div>
        <Button size="xs" variant="default" onClick={() => copy(errorReport(info))}>
          {t('ui.copyDetails')}
        </Button>
      </div>
    </div>
  );
}
