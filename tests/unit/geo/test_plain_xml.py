import pytest

from geo.plain_xml import HEAD_BYTES, DocumentTypeError, NotPlainXmlError, root_name


@pytest.mark.parametrize(
    "text",
    [
        "<kml/>",
        '<?xml version="1.0"?>\n<!-- <gpx> --><kml xmlns="http://x/y"><a/>',
        '<a:kml xmlns:a="http://x/y">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_root_element(text: str, encoding: str) -> None:
    assert root_name(text.encode(encoding)) == "kml"
    assert root_name(text) == "kml"


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE kml>",
        '<!DOCTYPE kml [<!ENTITY a "b">]>',
        '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/kml.dtd">',
        "<!-- <kml> --><!DOCTYPE kml>",
        "<?hint <kml> ?><!DOCTYPE kml>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_however_it_is_hidden(head: str, encoding: str) -> None:
    with pytest.raises(DocumentTypeError):
        root_name(f"{head}<kml/>".encode(encoding))


@pytest.mark.parametrize("text", ["", "no xml", "<", "< kml>", f"<!--{' ' * HEAD_BYTES}--><kml/>"])
def test_what_is_not_plain_xml(text: str) -> None:
    with pytest.raises(NotPlainXmlError):
        root_name(text.encode())
