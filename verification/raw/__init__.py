"""Raw statistics, read a second time: workbooks by openpyxl, text by csv, into rows of exact numbers."""
