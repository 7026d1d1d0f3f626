"""What people see: one module per page, the live map, session keys; asks siting and register.

language, look, builtin_words   the language, the style rules, Streamlit's own words in Chinese
guard, safe                     errors as sentences; other people's text as plain text
keys                            the keys of the session state
projects, project_bar           the sample and the district, and which of them is on the screen
compute, plans                  results per state and parameters, cached; plans, stored
workbench                       规划: live_map, filters, coverage_panel, candidates_panel,
                                plan_panel, point_card, downloads; edits writes what people do
undo_bar, shortcuts             taking one's own changes back, by buttons and by keys
dragging, lasso, lasso_file     a point held elsewhere; what is in a drawn area
scenarios, scenarios_*          方案: kept, opened again, two beside each other; opening;
                                streets closed and drawn as a trial; report_scenario reports one
kept_downloads                  files that buttons promised, there as long as the button is
memory                          results set aside from garbage collection
identity                        who sits here, and what their role may do
sign_in, sign_in_*              登录: the ways in, who has come in, the accounts; role_choice
ledger, ledger_*                台账: tables, records, history, targets, people, a past day
tasks_panel, task_edits         任务: what the district asks of units
data_page                       数据: layers, history; import_form and wizard bring files in
"""
