// What the frame that Airflow puts around the pages doesn't allow a plain link to do. Without this file everything can be read.
(() => {
  const shell = window.parent === window ? null : window.parent;

  // The frame may open no windows and not leave itself, so the page around it does.
  const through = (href, target) => {
    const link = shell.document.createElement("a");
    link.href = href;
    if (target) {
      link.target = target;
      link.rel = "noopener noreferrer";
    }
    shell.document.body.append(link);
    link.click();
    link.remove();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-outside], a[data-airflow]");
    if (!link || !shell || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    through(link.href, link.hasAttribute("data-outside") ? "_blank" : "");
  });

  for (const button of document.querySelectorAll("button[data-trigger]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const answer = await fetch(button.dataset.trigger, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ logical_date: null }),
      });
      button.textContent = answer.ok ? "Running" : "Airflow refused it";
    });
  }
})();
