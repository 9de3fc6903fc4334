// Airflow keeps its choice of light or dark in the storage of this origin; before the first paint the page takes it over.
(() => {
  const follow = () => {
    let choice = null;
    try {
      choice = localStorage.getItem("theme");
    } catch {
      // A frame without storage follows the system.
    }
    const root = document.documentElement;
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
  };
  follow();
  addEventListener("storage", follow);
})();
