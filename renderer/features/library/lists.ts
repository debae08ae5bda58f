import { api, listen } from '../../api';

const follow = (wanted: 'saved' | 'snippets' | 'macros') => (changed: () => void) =>
  listen('library', 'changed', ({ what }) => {
    if (what === wanted) changed();
  });

/** How the lists of the library are read and followed. */
export const readSaved = () => api.library.saved({});
export const followSaved = follow('saved');
export const readSnippets = () => api.library.snippets({});
export const followSnippets = follow('snippets');
export const readMacros = () => api.library.macros({});
export const followMacros = follow('macros');
