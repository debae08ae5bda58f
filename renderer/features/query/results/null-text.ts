import { DEFAULT_QUERY_SETTINGS } from '../../../../shared/model/settings';
import { api, listen } from '../../../api';
import { useLive } from '../../../ui/use-live';

const read = async () => (await api.settings.get({})).query.nullText;
const follow = (changed: () => void) => listen('settings', 'changed', changed);

/** What stands for NULL, as the person set it. */
export const useNullText = (): string => useLive(read, follow) ?? DEFAULT_QUERY_SETTINGS.nullText;
