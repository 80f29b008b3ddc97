package scan

// commonWindows are the windows that healthy logs have most often, the most
// frequent first, each of four bytes: those without digits of the public system
// logs in testdata/benign, counted so that each log weighs the same.
const commonWindows = "" +
	"dec n de decworkinfoorkerker infnfo lockbloc in notiinitblk_t() nit(it()oticticeild ] [n [no[notice]ce] chilhild chi - -dataerro" +
	"rror blo blknova dfsdfs. worfo do dfkereerenrenv[sunsun un djul ul   stacorestaton dmon [mon fouin shttpoundund - - d chn sc_ini" +
	"eboaboaroardnd c] jk scoscororebrebofoun() fard rd se] j) fod sl sloslotlot systystestemnameamesmesyesysservock ck bk bl callk_-" +
	"compitorvisicalvalvilvisisitsitotor-: bling er: node err to ndertateerveror ompumputputefs.ds.da.datceivute.atantanoanodode$conf" +
	"ate operror]or] ] [e [er[errrespespospon/conproppertrverropeerticketpondonde() o/etcetc/tc/h mode] w] woenv.nv.iv.in.ini) ok ok " +
	"ok /k /e /etc/ht/httttpdtpd/pd/cd/coonf/nf/wf/wo/workers.prortietiesackek ch.loglog.ova- novova.r] m] momod_od_jd_jk_jk jk cor s" +
	"packr stfo no noin eld wd woenv nv iv inn erfs.fs.fsketretretresfadbcdbadbaebaed [reappl[reqreq-- -] -] ppletingeiveerne for.app" +
	"ple.com.om.am.apkern kertime namrnelnel[nstaer [for  tim rec.fsnfsnasnamtem:em: m: bock*ck* k* n* natem.ng btionsize comd tog bl" +
	"fileed t sizize ance: rereceeceir [rstaninsttance - der:de$pe$pa$pac of  is  addr: rbookded deleormaeletauth autaddever ddedis a" +
	"s adivertatuatusus: api.datever:tus:rmacva-aa-ap-apipi.li.louthothorhormmacbacbocbooook-ok-pk-pr-pro httpro me: .ser.wsgwsgiime:" +
	" leni.seupdapdaten: sgi.gi.sttp/\" stlen: fil-comget ile e.lode$de$da$datataxtaxcaxcexceiva-ca-cote.l \"ge\"getet /ck: em.aock:virt" +
	"irt..added: storved versed bfromated_com]: avingva.oa.os.osaosapsapiapi_pi_ci_cote.we.ws/hadhadoadoodoopoop/ fro/serd blt /vers/" +
	"]: catinletee/serom tore des updimagmagecapt pacport: co thedestermito btermte: : pars/dted:der inatoreds/de/detdetaetaitailr bl" +
	"ail il hl htor bthe rminminaivednaticurrurrerrenrent/varvar/ teraptupturturemap est:p upo blst: m.adaddsddstdstoredbedbldblok: b" +
	"ockmckmakmapap ur: pletiactiloca delata/.comof sf si srcsrc:rc: c: /t: /om /eiviivinringion etinnce:ctivce: : deent/e: b/lible /" +
	"/dat.fsdfsdasdatatastaseasetset:et: t: de /m /mn/mntmnt/nt/ht/haop/dp/df/dfsdfs/fs/ds/data/ca/cu/cur/blke stthisbase-] [] [i [in"
