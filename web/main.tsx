/** The entry of the page: puts the data layer and the screens together. */
import { createRoot } from 'react-dom/client';
import './styles/base.css';
import { Boot } from './app/boot.tsx';
import { connect } from './connect.ts';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Boot connect={connect} />);
