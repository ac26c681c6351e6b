/**
 * A table that is kept up to date in place: only cells that changed are written, so that a selection, a scroll
 * position and a screen reader's place survive. It knows no program.
 */

export interface Cell {
  text: string;
  /** Colours the text; the text itself must say the same. */
  tone?: 'quiet' | 'good' | 'wait' | 'bad' | undefined;
  /** Shown on hover where the text is shortened. */
  title?: string | undefined;
}

export interface Column<Row> {
  head: string;
  /** Right-aligned, in figures of one width. */
  isNumber?: boolean;
  cell: (row: Row) => Cell | string | number;
}

/**
 * Adds a titled table to a section and answers the function that fills it. Without rows it says `empty`, or is not
 * there.
 */
export function addTable<Row>(
  section: HTMLElement,
  title: string,
  options: { columns: Column<Row>[]; empty?: string; isTall?: boolean },
): (rows: readonly Row[], count?: string) => void {
  const { columns, empty, isTall = false } = options;
  const heading = document.createElement('h3');
  const words = document.createElement('span');
  const number = document.createElement('span');
  words.textContent = title;
  number.className = 'count';
  heading.append(words, ' ', number);

  const frame = document.createElement('div');
  frame.className = isTall ? 'frame tall' : 'frame';
  // It may scroll, and then must be reachable by keyboard.
  frame.tabIndex = 0;
  frame.role = 'region';
  frame.ariaLabel = `${title}, ${section.querySelector('h2')?.textContent ?? ''}`;

  const table = document.createElement('table');
  const row = table.createTHead().insertRow();
  for (const { head, isNumber } of columns) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = head;
    if (isNumber) cell.className = 'number';
    row.append(cell);
  }
  const body = table.createTBody();
  const nothing = document.createElement('p');
  nothing.className = 'nothing';
  nothing.textContent = empty ?? '';
  frame.append(table);
  const block = document.createElement('div');
  block.className = 'block';
  block.append(heading, frame, nothing);
  section.append(block);

  return (rows, count = String(rows.length)) => {
    write(number, count);
    frame.hidden = rows.length === 0;
    nothing.hidden = rows.length > 0;
    block.hidden = rows.length === 0 && empty === undefined;
    while (body.rows.length > rows.length) body.deleteRow(-1);
    for (const [index, content] of rows.entries())
      fill(body.rows[index] ?? body.insertRow(), columns, content);
  };
}

function fill<Row>(row: HTMLTableRowElement, columns: Column<Row>[], content: Row): void {
  for (const [index, { cell, isNumber }] of columns.entries()) {
    const given = cell(content);
    const { text, tone, title } = typeof given === 'object' ? given : { text: String(given) };
    let target = row.cells[index];
    if (!target) {
      target = index === 0 ? document.createElement('th') : document.createElement('td');
      if (index === 0) target.scope = 'row';
      row.append(target);
    }
    write(target, text);
    const names = [isNumber ? 'number' : '', tone ?? ''].filter(Boolean).join(' ');
    if (target.className !== names) target.className = names;
    if (target.title !== (title ?? '')) target.title = title ?? '';
  }
}

/** Writes only what has changed. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
