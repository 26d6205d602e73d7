@echo off
rem Runs junheng on Windows, where there is no make: junheng report 990101
rem Makes .venv at the first start: from wheels\ where that folder is there, else from a package index.
rem Only ASCII stands here: cmd reads its own lines in the console's code page.
setlocal EnableExtensions DisableDelayedExpansion
set "PYTHONUTF8=1"
set "PYTHONPATH=%~dp0."
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "VENV=%~dp0.venv"
set "OWN=%VENV%\Scripts\python.exe"
"%OWN%" -c "import pip" >nul 2>nul
if not %errorlevel%==0 goto venv

:ready
fc /b "%~dp0requirements.txt" "%VENV%\.installed" >nul 2>nul
if not %errorlevel%==0 goto install

:run
if "%~1"=="" goto bare
"%OWN%" -P -m analysis %*
exit /b %errorlevel%

rem Started by a double click, the window would close before anyone has read it.
:bare
"%OWN%" -P -m analysis --help
echo %cmdcmdline% | find /i "%~nx0" >nul && pause
exit /b 0

:venv
set "FOUND="
call :try "%~dp0python\python.exe"
for %%V in (3.13 3.12 3.11 3) do call :try py -%%V
call :try python
if not defined FOUND goto missing
%FOUND% -m venv --clear "%VENV%"
if not %errorlevel%==0 exit /b 2
goto ready

:install
"%OWN%" "%~dp0analysis\run\install.py" "%~dp0requirements.txt"
if not %errorlevel%==0 exit /b 2
copy /b /y "%~dp0requirements.txt" "%VENV%\.installed" >nul
goto run

:missing
set "LANGUAGE=zh"
if /i "%REPORT_LANG%"=="en" set "LANGUAGE=en"
for /f "tokens=2 delims=:." %%C in ('chcp') do set "PAGE=%%C"
chcp 65001 >nul
type "%~dp0analysis\run\no_python.%LANGUAGE%.txt" 1>&2
chcp %PAGE% >nul
exit /b 2

:try
if defined FOUND exit /b 0
%* "%~dp0analysis\run\python_fits.py" >nul 2>nul
if %errorlevel%==0 set FOUND=%*
exit /b 0
