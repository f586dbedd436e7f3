"""The library of enterprises' declared standards (企业标准库): read, checked, kept in revisions."""
