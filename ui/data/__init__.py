"""数据: a district of one's own, what it holds, and files in.

page           layers and their history; import_form: files in; template: files to fill in
demand         what the demand in force is made of; demand_making, demand_profile, demand_tables
backups        by button and every day, and the way back
district_care  another name, layers taken out, a fresh start
"""
