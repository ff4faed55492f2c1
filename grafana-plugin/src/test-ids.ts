/** How tests find the parts of the panel: used by the panel, its unit tests and its browser tests. */
export const testIds = {
  panel: 'trustmap panel',
  lanes: 'trustmap lanes',
  flows: 'trustmap flows',
  scroller: 'trustmap scroller',
  base: 'trustmap base canvas',
  overlay: 'trustmap overlay canvas',
  grid: 'trustmap grid',
  announcement: 'trustmap announcement',
  filter: 'trustmap filter',
  rowLabel: 'trustmap row label',
  columnLabel: 'trustmap column label',
  rowValue: 'trustmap row value',
  detail: 'trustmap detail',
  legend: 'trustmap legend',
  message: 'trustmap message',
  notice: 'trustmap notice',
} as const;
