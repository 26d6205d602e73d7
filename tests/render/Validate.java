import java.io.FileInputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** Hold PDF files against PDF/A-2a and PDF/UA-1: a line for each file and standard, with the rules that it breaks. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1}) {
                try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                     var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    var broken = new TreeSet<String>();
                    var result = validator.validate(parser);
                    result.getTestAssertions().forEach(
                        each -> broken.add(each.getRuleId().getClause() + " " + each.getMessage()));
                    System.out.println(file + "\t" + flavour + "\t" + result.isCompliant() + "\t" + broken);
                }
            }
        }
    }
}
