from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from register import Register

App = Callable[..., AppTest]


def shown(app: AppTest) -> str:
    """Return what stands on the page."""
    parts = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbench_draws_without_an_error(district: Register, app: App, lang: str) -> None:
    page = app(lang).run()
    assert not page.exception
    assert not page.error
    assert page.metric[0].value.endswith("%")
