/// What makes the page of an audit readable on a screen, in the dark and on paper.
enum AuditPageStyle {
    static let css = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#5b6775;--line:#dfe4ea;--wash:#f5f7f9;
        --fail:#c62828;--error:#ad5a00;--pass:#1b7f4b;--excepted:#6a4bb3;--notApplicable:#8a97a5;--notDecidable:#3f6fa8}
        @media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaef;--soft:#9aa7b5;--line:#2c343d;--wash:#1b2128;
        --fail:#ff7b72;--error:#f0a24a;--pass:#4cc38a;--excepted:#b39ddb;--notApplicable:#7d8a98;--notDecidable:#79a8e0}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        header,main{max-width:1180px;margin:0 auto;padding:0 28px}
        header{padding-top:36px}
        p{margin:0}h1{margin:2px 0 0;font-size:30px;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
        .kind{color:var(--soft);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
        .profile{font-size:17px;color:var(--soft)}
        dl{display:flex;flex-wrap:wrap;gap:6px 32px;margin:18px 0 0}dt{font-size:12px;color:var(--soft)}
        dd{margin:0;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
        .summary{display:flex;align-items:center;gap:32px;margin:26px 0 18px;padding:20px 24px;background:var(--wash);border-radius:12px}
        .score b{display:block;font-size:42px;line-height:1.1;letter-spacing:-.02em;white-space:nowrap}
        .score span{color:var(--soft);font-size:13px}
        .shares{flex:1}.bar{display:flex;gap:2px;height:16px;border-radius:8px;overflow:hidden}
        .bar span{flex:1 1 0;min-width:3px;background:currentColor}
        .fail{color:var(--fail)}.error{color:var(--error)}.pass{color:var(--pass)}.excepted{color:var(--excepted)}
        .notApplicable{color:var(--notApplicable)}.notDecidable{color:var(--notDecidable)}
        .filters{display:flex;flex-wrap:wrap;gap:8px;position:sticky;top:0;padding:10px 0;background:var(--paper);z-index:1}
        button{display:inline-flex;align-items:center;gap:7px;padding:5px 12px;font:inherit;font-size:13.5px;background:none;
        border:1px solid var(--line);border-radius:999px;cursor:pointer}
        button i{width:9px;height:9px;border-radius:50%;background:currentColor}
        button b{color:var(--ink)}button[aria-pressed=false]{opacity:.4}
        button:focus-visible,input:focus-visible{outline:2px solid var(--notDecidable);outline-offset:1px}
        input{flex:1;min-width:200px;padding:5px 14px;font:inherit;font-size:13.5px;color:inherit;background:none;
        border:1px solid var(--line);border-radius:999px}
        table{width:100%;border-collapse:collapse;margin-top:6px;table-layout:fixed}
        th{position:sticky;top:51px;background:var(--paper);text-align:left;font-size:12px;font-weight:600;color:var(--soft);padding:6px 10px 6px 0;
        border-bottom:1px solid var(--line)}
        th:nth-child(1){width:132px}th:nth-child(2){width:38%}th:nth-child(4){width:76px}
        td{vertical-align:top;padding:10px 10px 10px 0;border-bottom:1px solid var(--line);color:var(--ink);overflow-wrap:anywhere}
        .badge{font-size:13px;font-weight:600}.badge::before{content:"";display:inline-block;width:9px;height:9px;margin-right:7px;
        border-radius:50%;background:currentColor}
        .title{font-weight:500}.id{font-size:12.5px;color:var(--soft)}
        .evidence p{font:12.5px/1.55 ui-monospace,SFMono-Regular,Menlo,monospace}
        .evidence .because{font:13.5px/1.5 system-ui,sans-serif;color:var(--excepted);margin-bottom:3px}
        tr.fail .badge{color:var(--fail)}tr.error .badge{color:var(--error)}tr.pass .badge{color:var(--pass)}
        tr.excepted .badge{color:var(--excepted)}tr.notApplicable .badge{color:var(--notApplicable)}
        tr.notDecidable .badge{color:var(--notDecidable)}
        .none{padding:24px 0;color:var(--soft)}h2{font-size:18px;margin:32px 0 6px}
        .exceptions ul{margin:0;padding-left:20px}footer{margin:28px 0 40px;color:var(--soft);font-size:13px;max-width:75ch}
        @media (max-width:720px){.summary{flex-direction:column;align-items:stretch;gap:14px}th:nth-child(4),td:nth-child(4){display:none}
        th:nth-child(1){width:104px}header,main{padding-left:16px;padding-right:16px}.filters{position:static}th{position:static}}
        @media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#fff}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:10pt}header,main{max-width:none;padding-left:0;padding-right:0}
        .filters{display:none}.summary{border:1px solid var(--line)}th{position:static}tr{break-inside:avoid}thead{display:table-header-group}}
        """

    static let script = """
        (function(){var off={},text='',rows=[].slice.call(document.querySelectorAll('tbody tr'));
        function show(){var any=false;rows.forEach(function(r){var s=!off[r.dataset.status]&&(!text||r.textContent.toLowerCase().indexOf(text)>=0);
        r.hidden=!s;any=any||s});document.querySelector('.none').hidden=any}
        document.querySelectorAll('.filters button').forEach(function(b){b.addEventListener('click',function(){
        var s=b.dataset.status;off[s]=!off[s];b.setAttribute('aria-pressed',String(!off[s]));show()})});
        document.querySelector('input').addEventListener('input',function(e){text=e.target.value.toLowerCase();show()});show()})();
        """
}
