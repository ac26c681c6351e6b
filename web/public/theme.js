// Sets the chosen theme before the first paint. A file of its own, because the policy forbids inline scripts.
{
  const theme = localStorage.getItem('hubbub:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
