from tests.dashboard.conftest import html
from tests.dashboard.walk import doors
def test_x(show):
    for q in ({}, {"question":"csat_1_5","days":"all"}, {"question":"ces_1_7_low","by":"channel","days":"all"}):
        app = show("sqlite:////tmp/pserv/s.db", "surveys", lang="en", brand="Senandika", **q)
        print(app.exception)
        import re
        print(re.sub(r"<[^>]+>"," ",html(app))[800:5000])
        print(len(doors(app)))
    assert 0
