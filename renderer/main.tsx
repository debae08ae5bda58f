import { styleNonce } from './app/page-policy';
import './ui/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import 'dockview-react/dist/styles/dockview.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/mantine.css';
import { createRoot } from 'react-dom/client';
import { start } from './app/start';

const root = document.getElementById('root');
if (root === null) throw new Error(`index.html has no #root (nonce ${styleNonce === '' ? 'missing' : 'present'})`);
void start(createRoot(root));
